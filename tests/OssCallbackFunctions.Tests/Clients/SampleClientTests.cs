using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sandbox;

namespace OssCallbackFunctions.Tests.Clients;

/// <summary>What OSS's sample code does with presigned URLs and forms goes with those lent here. What clients get wrong by themselves is refused: README warns of it.</summary>
public sealed class SampleClientTests(RunningApp app)
{
    // What encoders disagree about, but no dot segments and no empty ones: those do not survive most clients.
    private const string Name = "a b+c%25/中文's (1)!*~&=:@$,;.txt";

    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(70_001);

    public static TheoryData<string, string, bool> Uses =>
    [
        .. from client in SampleClient.Names
           from callback in (string[])["query", "header"]
           from isSizeBound in (bool[])[true, false]
           select (client, callback, isSizeBound),
    ];

    [Theory]
    [MemberData(nameof(Uses))]
    public async Task The_sample_clients_use_a_presigned_PUT(string client, string callback, bool isSizeBound)
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(Name), contentType = "text/plain", size = isSizeBound ? Content.Length : (long?)null, callback });
        var (status, body) = await SampleClient.PutAsync(client, put, Content);
        await IsVerifiedAsync(put, status, body);
    }

    // The sample code shows no content type: its clients send none, or what they are told. Other libraries have one of their own, or add a charset.
    [Theory]
    [InlineData("Go", null)]
    [InlineData("curl", "application/x-www-form-urlencoded")]
    [InlineData("Java", "text/plain; charset=UTF-8")]
    [InlineData("Python", "text/plain;charset=utf-8")]
    [InlineData("PHP", "Text/plain")]
    public async Task A_content_type_that_is_not_to_the_letter_is_refused(string client, string? type)
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), contentType = "text/plain" });
        var (status, body) = await SampleClient.PutAsync(client, put, Content, ("Content-Type", type));
        Assert.Equal(403, status);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", body, StringComparison.Ordinal);
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, put.GetProperty("key").GetString()!));
    }

    // The sample passes a callback-var header along; here every variable is in the callback itself.
    [Theory]
    [InlineData("x-oss-callback-var", "eyJ4OnZhcjEiOiJ2YWx1ZTEifQ==")]
    [InlineData("x-oss-forbid-overwrite", null)]
    public async Task Headers_of_OSS_that_were_not_lent_or_are_missing_are_refused(string name, string? value)
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), contentType = "text/plain" });
        Assert.Equal(403, (await SampleClient.PutAsync("Java", put, Content, (name, value))).Status);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.Forbidden)]
    [InlineData(false, HttpStatusCode.OK)]
    public async Task A_body_sent_in_chunks_goes_only_where_no_size_is_bound(bool isSizeBound, HttpStatusCode expected)
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), contentType = "text/plain", size = isSizeBound ? Content.Length : (long?)null });
        var (status, _) = await app.PutAsync(put, Content, request =>
        {
            request.Headers.TransferEncodingChunked = true;
            request.Content!.Headers.ContentLength = null;
        });
        Assert.Equal(expected, status);
    }

    // As HttpURLConnection sends it in the sample: written by hand, with a file name and a type of the file's own.
    [Fact]
    public async Task The_sample_of_a_form_sends_a_lent_form()
    {
        const string boundary = "9431149156168";
        var form = await app.FormAsync(new { key = RunningApp.NewKey(Name), contentType = "text/plain", size = Content.Length });
        var fields = form.GetProperty("fields").EnumerateObject()
            .Select(field => $"--{boundary}\r\nContent-Disposition: form-data; name=\"{field.Name}\"\r\n\r\n{field.Value.GetString()}\r\n");
        var file = $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"examplefile.txt\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        using var body = new ByteArrayContent([.. Encoding.UTF8.GetBytes(string.Concat(fields) + file), .. Content, .. Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n")]);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={boundary}");
        using var request = new HttpRequestMessage(HttpMethod.Post, form.GetProperty("url").GetString()) { Content = body };
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (Windows; U; Windows NT 6.1; zh-CN; rv:1.9.2.6)");
        request.Headers.TryAddWithoutValidation("Accept", "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2");
        using var response = await app.Outside.SendAsync(request);
        await IsVerifiedAsync(form, (int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task IsVerifiedAsync(JsonElement lent, int status, string body)
    {
        Assert.True(status == 200, body);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal("verified", answer.RootElement.GetProperty("state").GetString());
        using var stored = await app.GetObjectAsync(lent.GetProperty("key").GetString()!);
        var bytes = await stored.Content.ReadAsByteArrayAsync();
        Assert.True(bytes.AsSpan().SequenceEqual(Content), $"{bytes.Length} bytes, and not those that were sent.");
        Assert.Equal("text/plain", stored.Content.Headers.ContentType?.ToString());
        Assert.Single(await app.EventsOfAsync(lent.GetProperty("id").GetString()!));
    }
}
