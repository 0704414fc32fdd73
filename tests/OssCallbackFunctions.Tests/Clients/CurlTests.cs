using System.Security.Cryptography;
using System.Text.Json;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.Clients;

/// <summary>curl, with what was lent and nothing else.</summary>
public sealed class CurlTests(RunningApp app) : IDisposable
{
    private const string Name = "a b+c%/中文's (1)!*~&=?#.bin";

    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(1_500_007);

    private readonly Curl _curl = new();

    public void Dispose() => _curl.Dispose();

    [Theory]
    [InlineData("query", true)]
    [InlineData("query", false)]
    [InlineData("header", true)]
    [InlineData("header", false)]
    public async Task Puts_a_file(string callback, bool isSizeBound)
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(Name), contentType = "image/png", size = isSizeBound ? Content.Length : (long?)null, callback });
        var (status, body, _) = await _curl.PutAsync(put, _curl.File("1.png", Content));
        await IsVerifiedAsync(put, status, body);
    }

    [Fact]
    public async Task Puts_a_file_in_chunks_when_no_size_is_bound()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), contentType = "image/png" });
        var (status, body, _) = await _curl.PutAsync(put, _curl.File("1.png", Content), "-H", "Transfer-Encoding: chunked");
        await IsVerifiedAsync(put, status, body);
    }

    [Fact]
    public async Task Has_to_be_told_to_leave_dot_segments_alone()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey("a/../b/./c.png"), contentType = "image/png" });
        var file = _curl.File("1.png", Content);
        var (altered, refusal, _) = await _curl.PutAsync(put, file);
        Assert.Equal(403, altered);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", refusal, StringComparison.Ordinal);
        var (status, body, _) = await _curl.PutAsync(put, file, "--path-as-is");
        await IsVerifiedAsync(put, status, body);
    }

    [Fact]
    public async Task Sends_a_form()
    {
        var form = await app.FormAsync(new { key = RunningApp.NewKey(Name), contentType = "image/png", size = Content.Length });

        // --form-string: a value that begins with @ or < is a value. The part's own type is not the object's.
        var fields = form.GetProperty("fields").EnumerateObject().SelectMany(field => (string[])["--form-string", $"{field.Name}={field.Value.GetString()}"]);
        var (status, body, _) = await _curl.RunAsync([.. fields, "-F", $"file=@{_curl.File("1.html", Content)}", form.GetProperty("url").GetString()!]);
        await IsVerifiedAsync(form, status, body);
    }

    [Fact]
    public async Task Sends_the_parts_of_a_multipart_upload_and_completes_it()
    {
        const int partSize = 8 * 1024 * 1024;
        var content = RandomNumberGenerator.GetBytes(partSize + 5);
        var lent = await app.Client.PostAsync("/api/uploads", new { profile = "files", subject = "u", fileName = "1.bin", kind = "multipart", size = content.Length }, default);
        var multipart = lent.GetProperty("multipart");
        var parts = new List<(int, string)>();
        foreach (var part in multipart.GetProperty("parts").EnumerateArray())
        {
            var number = part.GetProperty("partNumber").GetInt32();
            var file = _curl.File($"part-{number}", content[((number - 1) * partSize)..Math.Min(number * partSize, content.Length)]);
            var (sent, reply, headers) = await _curl.RunAsync("-T", file, part.GetProperty("url").GetString()!);
            Assert.True(sent == 200, reply);
            parts.Add((number, headers.Single(header => header.StartsWith("ETag: ", StringComparison.OrdinalIgnoreCase))["ETag: ".Length..]));
        }

        var path = SessionClient.Path(multipart.GetProperty("uploadId").GetString()!, multipart.GetProperty("key").GetString()!, "/complete");
        var list = _curl.File("parts.json", JsonSerializer.SerializeToUtf8Bytes(SessionClient.Parts(parts)));
        var (status, body, _) = await _curl.RunAsync("-H", "Content-Type: application/json", "-d", "@" + list, lent.GetProperty("endpoint").GetString() + path);
        Assert.True(status == 200, body);
        await IsStoredAndToldAsync(multipart.GetProperty("key").GetString()!, lent.GetProperty("id").GetString()!, content);
    }

    private async Task IsVerifiedAsync(JsonElement lent, int status, string body)
    {
        Assert.True(status == 200, body);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal("verified", answer.RootElement.GetProperty("state").GetString());
        await IsStoredAndToldAsync(lent.GetProperty("key").GetString()!, lent.GetProperty("id").GetString()!, Content);
        Assert.Equal("image/png", (await app.Oss.HeadObjectAsync(Sandbox.Stack.Bucket, lent.GetProperty("key").GetString()!))!.ContentType);
    }

    private async Task IsStoredAndToldAsync(string key, string id, byte[] content)
    {
        using var stored = await app.GetObjectAsync(key);
        var bytes = await stored.Content.ReadAsByteArrayAsync();
        Assert.True(bytes.AsSpan().SequenceEqual(content), $"{bytes.Length} bytes, and not those that were sent.");
        Assert.Single(await app.EventsOfAsync(id));
    }
}
