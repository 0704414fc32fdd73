using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>Bodies made to confuse or to exhaust whoever reads them: each is a refusal by code, none an error of the app's, and none is read beyond its bound.</summary>
public sealed class RequestBodyTests(RunningApp app)
{
    private readonly Attacker _attacker = new(app);

    public static TheoryData<string> NoJson =>
    [
        "", " ", "null", "[]", "\"x\"", "5", "{", "{}{}", "{\"key\":\"KEY\",}", "{'key':'KEY'}", "{key:\"KEY\"}", "{\"key\":\"KEY\"}x", "/**/{\"key\":\"KEY\"}", "\uFEFF{\"key\":\"KEY\"}", "{\"key\":\"KEY\0\"}",
        "{\"key\":\"KEY\"\u00A0}", "key=KEY", "<key>KEY</key>", "{\"key\":\"KEY\",\"size\":NaN}",
        "{\"key\":\"KEY\\ud800\"}", "{\"key\":\"KEY\\udc00\\ud800\"}", "{\"key\":\"KEY\",\"subject\":\"\\ud800\"}", "{\"key\":\"KEY\",\"\\ud800\":1}", "{\"key\":\"KEY\",\"variables\":{\"\\ud800\":\"1\"}}", "{\"key\":\"KEY\\x\"}",
        "{\"key\":\"KEY\",\"key\":\"other\"}", "{\"key\":\"KEY\",\"Key\":\"other\"}", "{\"key\":\"KEY\",\"k\\u0065y\":\"other\"}", "{\"key\":\"KEY\",\"variables\":{\"order\":\"1\",\"order\":\"2\"}}",
        "{\"key\":\"KEY\",\"size\":\"5\"}", "{\"key\":\"KEY\",\"size\":5.5}", "{\"key\":\"KEY\",\"size\":1e400}", "{\"key\":\"KEY\",\"size\":99999999999999999999}", "{\"key\":\"KEY\",\"size\":[5]}", "{\"key\":\"KEY\",\"size\":true}",
        "{\"key\":[\"KEY\"]}", "{\"key\":{\"KEY\":1}}", "{\"key\":5}", "{\"key\":\"KEY\",\"bucket\":\"other\"}", "{\"key\":\"KEY\",\"__proto__\":{}}", "{\"key\":\"KEY\",\"kind\":7.5}", "{\"key\":\"KEY\",\"callback\":\"http://evil.test\"}",
    ];

    [Theory]
    [MemberData(nameof(NoJson))]
    public async Task A_body_that_is_not_the_JSON_expected_is_refused_by_every_lender(string body)
    {
        var key = RunningApp.NewKey();
        foreach (var path in (string[])["/api/uploads/presigned-put", "/api/uploads/form-post", "/api/uploads/form-policy", "/api/uploads"])
        {
            var answer = await PostAsync(path, Encoding.UTF8.GetBytes(body.Replace("KEY", key, StringComparison.Ordinal)));
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (answer.Status, answer.Code));
        }

        Attacker.IsVerified((await app.PutAsync(await app.PresignAsync(new { key }), [1])).Body);
    }

    [Fact]
    public async Task A_body_of_no_UTF8_is_refused()
    {
        byte[][] bodies =
        [
            [.. "{\"key\":\"a"u8, 0xC3, 0x28, .. "\"}"u8], [.. "{\"key\":\"a"u8, 0xED, 0xA0, 0x80, .. "\"}"u8], [.. "{\"key\":\"a"u8, 0xC0, 0x80, .. "\"}"u8], [.. "{\"key\":\"a"u8, 0xF8, 0x88, 0x80, 0x80, 0x80, .. "\"}"u8],
            Encoding.Unicode.GetBytes("{\"key\":\"a\"}"), [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{\"key\":\"a\"}")], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0],
        ];
        foreach (var body in bodies)
        {
            var answer = await PostAsync("/api/uploads/presigned-put", body);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task A_body_that_nests_without_end_or_is_beyond_64_KiB_is_refused()
    {
        foreach (var bomb in (string[])[new string('[', 60_000), "{\"key\":\"a\",\"variables\":" + string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), "{\"x\":" + new string('[', 100) + new string(']', 100) + "}"])
        {
            var answer = await PostAsync("/api/uploads", Encoding.UTF8.GetBytes(bomb));
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (answer.Status, answer.Code));
        }

        var body = $$"""{"key":"{{RunningApp.NewKey()}}"}""";
        foreach (var path in (string[])["/api/uploads/presigned-put", "/api/uploads/form-post", "/api/uploads", "/api/bulk-uploads", "/api/events/x.verified/redeliver"])
        {
            var answer = await PostAsync(path, Encoding.UTF8.GetBytes(body.PadRight(65_537)));
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), (answer.Status, answer.Code));
        }

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/api/uploads/presigned-put", Encoding.UTF8.GetBytes(body.PadRight(65_536)))).Status);
    }

    [Theory]
    [InlineData("{\"source\":{\"file\":\"a\"},\"key\":\"\\ud800\"}")]
    [InlineData("{\"source\":{\"file\":\"\\ud800\"},\"key\":\"a\"}")]
    [InlineData("{\"source\":{\"file\":\"a\"},\"key\":\"a\",\"key\":\"b\"}")]
    [InlineData("{\"source\":{\"file\":\"a\",\"File\":\"b\"},\"key\":\"a\"}")]
    [InlineData("{\"source\":{\"file\":\"a\"},\"key\":\"a\",\"partSize\":1e400}")]
    public async Task A_bulk_upload_takes_no_broken_JSON_either(string body)
    {
        var answer = await PostAsync("/api/bulk-uploads", Encoding.UTF8.GetBytes(body));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("{\"filename\":\"\\ud800.bin\"}")]
    [InlineData("{\"filename\":\"a.bin\",\"filename\":\"b.bin\"}")]
    [InlineData("{\"filename\":\"a.bin\",\"metadata\":{\"name\":\"\\ud800\"}}")]
    [InlineData("{\"filename\":[\"a.bin\"]}")]
    [InlineData("{\"filename\":\"a.bin\",\"type\":5}")]
    [InlineData("[")]
    [InlineData("")]
    public async Task Uppys_requests_are_read_as_strictly_but_for_members_that_are_not_known(string body)
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject = "u" });
        var answer = await PostAsync(client.Endpoint + "/s3/multipart", Encoding.UTF8.GetBytes(body));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), (answer.Status, answer.Code));
        await client.BeginAsync();
    }

    [Theory]
    [InlineData("{\"parts\":[{\"PartNumber\":1,\"ETag\":\"\\ud800\"}]}", "invalid_json")]
    [InlineData("{\"parts\":[{\"PartNumber\":1,\"PartNumber\":2,\"ETag\":\"x\"}]}", "invalid_json")]
    [InlineData("{\"parts\":[],\"parts\":[]}", "invalid_json")]
    [InlineData("{\"parts\":[null]}", "invalid_parts")]
    [InlineData("{\"parts\":[{}]}", "invalid_parts")]
    [InlineData("{\"parts\":[{\"PartNumber\":1e9,\"ETag\":\"x\"}]}", "invalid_json")]
    [InlineData("{\"parts\":[{\"PartNumber\":-2147483648,\"ETag\":\"x\"}]}", "invalid_parts")]
    [InlineData("{\"parts\":[{\"PartNumber\":1,\"ETag\":\"</ETag><x>\"}]}", "invalid_parts")]
    [InlineData("{\"parts\":\"all\"}", "invalid_json")]
    public async Task A_completion_is_read_as_strictly(string body, string code)
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject = "u" });
        var (key, uploadId) = await client.BeginAsync();
        var etag = await client.SendPartAsync(uploadId, key, 1, [1]);
        var answer = await PostAsync(client.Endpoint + SessionClient.Path(uploadId, key, "/complete"), Encoding.UTF8.GetBytes(body));
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
        Assert.Null(await app.Oss.HeadObjectAsync(Sandbox.Stack.Bucket, key));
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, etag)));
    }

    private async Task<Answer> PostAsync(string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, RunningApp.Raw(path[0] == '/' ? app.Stack.App.Url + path : path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("x-functions-key", app.Stack.FunctionKey);
        return await _attacker.SendAsync(request);
    }
}
