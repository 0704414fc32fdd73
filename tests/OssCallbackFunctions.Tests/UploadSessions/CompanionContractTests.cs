using System.Net;
using System.Text.Json;
using Sandbox;

namespace OssCallbackFunctions.Tests.UploadSessions;

/// <summary>Uppy's Companion contract below a capability URL, and what its holder cannot do.</summary>
public sealed class CompanionContractTests(RunningApp app)
{
    private static readonly object Many = new { kind = "session", profile = "files", subject = "用户 7" };
    private static readonly byte[] First = [.. Enumerable.Repeat((byte)1, 102_400)];
    private static readonly byte[] Second = [2, 2, 2];

    [Fact]
    public async Task Lends_a_form_for_each_file()
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var form = await client.GoodAsync(HttpMethod.Get, "/s3/params?filename=My+Photo%2B1.png&type=image%2Fpng&metadata%5Bname%5D=x");
        Assert.Equal(["expires", "fields", "method", "url"], form.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal("POST", form.GetProperty("method").GetString());
        Assert.EndsWith("/", form.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.InRange(form.GetProperty("expires").GetInt32(), 500, 600);
        var key = form.GetProperty("fields").GetProperty("key").GetString()!;
        Assert.Matches("^files/%E7%94%A8%E6%88%B7%207/[^/]+/My Photo_1.png$", key);
        var (status, body) = await app.SendFormAsync(form, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal("verified", answer.RootElement.GetProperty("state").GetString());
        var told = Assert.Single(await app.EventsOfAsync(answer.RootElement.GetProperty("id").GetString()!)).GetProperty("data");
        Assert.Equal("用户 7", told.GetProperty("subject").GetString());
        Assert.Equal("image/png", told.GetProperty("contentType").GetString());

        var other = await client.GoodAsync(HttpMethod.Get, "/s3/params?filename=My+Photo%2B1.png&type=image%2Fpng");
        Assert.NotEqual(key, other.GetProperty("fields").GetProperty("key").GetString());
    }

    [Fact]
    public async Task Lends_no_form_that_Uppy_refuses_to_send_for_its_redirect()
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var form = await client.GoodAsync(HttpMethod.Get, "/s3/params?filename=a.png&type=image%2Fpng");
        Assert.DoesNotContain(form.GetProperty("fields").EnumerateObject(), field => field.Name.Contains("redirect", StringComparison.OrdinalIgnoreCase));

        // Whoever adds one has his callback all the same.
        var (status, body) = await app.SendFormAsync(form, [1], ("success_action_redirect", "https://www.example.com/"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"verified\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Carries_a_multipart_upload_from_begin_to_event()
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var begun = await client.GoodAsync(HttpMethod.Post, "/s3/multipart", new { filename = "中文 a+b.bin", type = "application/x-test", metadata = new { a = 1 } });
        Assert.Equal(["bucket", "key", "uploadId"], begun.EnumerateObject().Select(member => member.Name).Order());
        var (key, uploadId) = (begun.GetProperty("key").GetString()!, begun.GetProperty("uploadId").GetString()!);
        Assert.Empty((await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key))).EnumerateArray());

        var one = await client.SendPartAsync(uploadId, key, 1, First);
        var batch = await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/batch") + "&partNumbers=2,3");
        Assert.Equal(["2", "3"], batch.GetProperty("presignedUrls").EnumerateObject().Select(part => part.Name));
        var two = await client.SendAsync(batch.GetProperty("presignedUrls").GetProperty("2").GetString()!, Second);

        var listed = await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key));
        Assert.Equal(
            $$"""[{"PartNumber":1,"ETag":"{{one.Trim('"')}}","Size":102400},{"PartNumber":2,"ETag":"{{two.Trim('"')}}","Size":3}]""", listed.GetRawText());

        var completion = SessionClient.Parts((1, one), (2, two.Trim('"')));
        var completed = await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), completion);
        Assert.Equal(["bucket", "key", "location"], completed.EnumerateObject().Select(member => member.Name).Order());
        Assert.EndsWith("/" + Uri.EscapeDataString("中文 a_b.bin"), completed.GetProperty("location").GetString(), StringComparison.Ordinal);

        // Once more, as after a lost reply.
        Assert.Equal(completed.GetRawText(), (await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), completion)).GetRawText());
        using var stored = await app.GetObjectAsync(key);
        Assert.Equal(First.Concat(Second), await stored.Content.ReadAsByteArrayAsync());
        Assert.Equal("application/x-test", stored.Content.Headers.ContentType?.ToString());
        var id = uploadId.Split('~')[1];
        var told = Assert.Single(await app.EventsOfAsync(id)).GetProperty("data");
        Assert.Equal((102_403, "CompleteMultipartUpload"), (told.GetProperty("size").GetInt64(), told.GetProperty("operation").GetString()));
        Assert.Single(app.Events(id));
    }

    [Theory]
    [InlineData("/s3/params?filename=a.html&type=text%2Fhtml", "invalid_content_type", "Profile 'files' takes all but what browsers run (HTML, SVG, XML, scripts).")]
    [InlineData("/s3/multipart/x/1?key=y", "multipart_not_found", "Upload id and key are not those that this session was given, or it is over.")]
    [InlineData("x/s3/params?filename=a", "session_not_found", "The URL is not one that this service gave out, or not all of it.")]
    public async Task Says_in_a_refusal_what_Uppy_shows_beside_what_a_problem_has(string path, string code, string detail)
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        using var request = new HttpRequestMessage(HttpMethod.Get, RunningApp.Raw(client.Endpoint + path)) { Headers = { { "traceparent", $"00-{trace}-00f067aa0ba902b7-01" } } };
        using var response = await app.Outside.SendAsync(request);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        string? Text(string member) => problem.RootElement.GetProperty(member).GetString();
        Assert.Equal((code, detail, detail, detail, trace), (Text("code"), Text("detail"), Text("error"), Text("message"), Text("traceId")));
        Assert.NotEmpty(Text("requestId")!);
        Assert.Equal(((int)response.StatusCode, $"urn:oss-callback-functions:problem:{code}"), (problem.RootElement.GetProperty("status").GetInt32(), Text("type")));
    }

    [Fact]
    public async Task Gives_a_multipart_upload_up()
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var (key, uploadId) = await client.BeginAsync();
        await client.SendPartAsync(uploadId, key, 1, Second);
        Assert.Equal("{}", (await client.GoodAsync(HttpMethod.Delete, SessionClient.Path(uploadId, key))).GetRawText());
        Assert.Equal("{}", (await client.GoodAsync(HttpMethod.Delete, SessionClient.Path(uploadId, key))).GetRawText());
        Assert.Equal((HttpStatusCode.NotFound, "multipart_not_found"), await client.RefusedAsync(HttpMethod.Get, SessionClient.Path(uploadId, key)));
        Assert.Equal(
            (HttpStatusCode.NotFound, "multipart_not_found"), await client.RefusedAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, "x"))));
    }

    [Fact]
    public async Task Lets_nobody_touch_the_upload_of_another_session_nor_another_key()
    {
        var (_, owner) = await SessionClient.OpenAsync(app, Many);
        var (_, attacker) = await SessionClient.OpenAsync(app, Many);
        var (key, uploadId) = await owner.BeginAsync();
        var (ownKey, ownUploadId) = await attacker.BeginAsync();
        var ossUploadId = uploadId.Split('~')[0];
        var swapped = string.Join('~', [ossUploadId, .. ownUploadId.Split('~')[1..]]);
        (string UploadId, string Key)[] attempts =
            [(uploadId, key), (ownUploadId, key), (uploadId, ownKey), (ossUploadId, key), (swapped, key), (swapped, ownKey), (ownUploadId, ownKey + "/../x"), (ownUploadId, ""), ("x", "y")];
        foreach (var (id, named) in attempts)
        {
            var expected = (HttpStatusCode.NotFound, "multipart_not_found");
            Assert.Equal(expected, await attacker.RefusedAsync(HttpMethod.Get, SessionClient.Path(id, named, "/1")));
            Assert.Equal(expected, await attacker.RefusedAsync(HttpMethod.Get, SessionClient.Path(id, named, "/batch") + "&partNumbers=1"));
            Assert.Equal(expected, await attacker.RefusedAsync(HttpMethod.Get, SessionClient.Path(id, named)));
            Assert.Equal(expected, await attacker.RefusedAsync(HttpMethod.Post, SessionClient.Path(id, named, "/complete"), SessionClient.Parts((1, "x"))));
            Assert.Equal(expected, await attacker.RefusedAsync(HttpMethod.Delete, SessionClient.Path(id, named)));
        }

        Assert.Empty((await owner.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key))).EnumerateArray());
    }

    [Fact]
    public async Task Takes_no_token_but_its_own()
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var token = client.Endpoint[(client.Endpoint.LastIndexOf('/') + 1)..];
        var middle = token.Length / 2;
        string[] forged = ["x", token[1..], token[..^1], token[..middle] + (token[middle] == 'A' ? 'B' : 'A') + token[(middle + 1)..], token + "AAAA"];
        foreach (var other in forged)
        {
            var forger = new SessionClient(app, client.Endpoint.Replace(token, other, StringComparison.Ordinal));
            Assert.Equal((HttpStatusCode.NotFound, "session_not_found"), await forger.RefusedAsync(HttpMethod.Get, "/s3/params?filename=a.bin"));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("1e3")]
    public async Task Signs_no_part_but_1_to_10000(string part)
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var (key, uploadId) = await client.BeginAsync();
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_parts"), await client.RefusedAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, $"/{part}")));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_parts"), await client.RefusedAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/batch") + $"&partNumbers=1,{part}"));
    }

    [Fact]
    public async Task Completes_with_the_parts_that_are_there_and_no_others()
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var (key, uploadId) = await client.BeginAsync();
        var one = await client.SendPartAsync(uploadId, key, 1, First);
        var two = await client.SendPartAsync(uploadId, key, 2, Second);
        object[] wrong =
        [
            SessionClient.Parts(), SessionClient.Parts((1, one)), SessionClient.Parts((2, two)), SessionClient.Parts((1, one), (3, two)), SessionClient.Parts((1, two), (2, two)), SessionClient.Parts((2, two), (1, one)), SessionClient.Parts((1, one), (1, one)),
            new { }, new { parts = (object?)null },
        ];
        foreach (var parts in wrong)
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_parts"), await client.RefusedAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), parts));
        }

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), await client.RefusedAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), "x"));
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, one), (2, two)));
    }

    [Fact]
    public async Task A_truncated_upload_is_not_completed_when_the_size_is_granted()
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "put", profile = "files", subject = "u", fileName = "a.bin", size = 102_403 });
        var (key, uploadId) = await client.BeginAsync();
        var one = await client.SendPartAsync(uploadId, key, 1, First);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_size"), await client.RefusedAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, one))));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, key));
        var two = await client.SendPartAsync(uploadId, key, 2, Second);
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, one), (2, two)));
    }

    [Theory]
    [InlineData(Oss.Emulator.Faults.DroppedCallback.Timeout)]
    [InlineData(Oss.Emulator.Faults.DroppedCallback.Success)]
    public async Task Tells_of_a_completed_upload_at_once_though_its_callback_failed(Oss.Emulator.Faults.DroppedCallback answer)
    {
        var (_, client) = await SessionClient.OpenAsync(app, Many);
        var (key, uploadId) = await client.BeginAsync();
        app.Stack.Oss.Faults.Add(new Oss.Emulator.Faults.Fault("CompleteMultipartUpload")
        {
            KeyPrefix = key, Effect = new Oss.Emulator.Faults.DropCallbackEffect { Answer = answer },
        });
        var one = await client.SendPartAsync(uploadId, key, 1, Second);
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, one)));
        var id = uploadId.Split('~')[1];
        Assert.Equal(id + ".verified", Assert.Single(await app.EventsOfAsync(id)).GetProperty("id").GetString());
    }
}
