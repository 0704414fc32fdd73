using System.Net;
using System.Text;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>Ways in that are none: paths that lead round the function key, other methods, other origins, guessed keys.</summary>
public sealed class DoorTests(RunningApp app)
{
    private static readonly HttpStatusCode[] Closed = [HttpStatusCode.Unauthorized, HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden];

    private readonly Attacker _attacker = new(app);

    [Theory]
    [InlineData("/api/uploads/presigned-put")]
    [InlineData("/API/Uploads/Presigned-Put")]
    [InlineData("/api/uploads/presigned-put/")]
    [InlineData("/api/u/../uploads/presigned-put")]
    [InlineData("/api/u/x/../../uploads/presigned-put")]
    [InlineData("/api/u/%2e%2e/uploads/presigned-put")]
    [InlineData("/api/u/x/s3/params/../../../../uploads")]
    [InlineData("/api/callbacks/oss/../../uploads/presigned-put")]
    [InlineData("/api/callbacks/oss/%2e%2e/%2e%2e/uploads/presigned-put")]
    [InlineData("/api/callbacks/oss/..%2f..%2fuploads/presigned-put")]
    [InlineData("/api/callbacks/oss/..\\..\\uploads\\presigned-put")]
    [InlineData("/api/uploads%2fpresigned-put")]
    [InlineData("/api//uploads//presigned-put")]
    [InlineData("//api/uploads/presigned-put")]
    [InlineData("/api/./uploads/presigned-put")]
    [InlineData("/api/uploads/presigned-put;x")]
    [InlineData("/api/uploads/presigned-put%00")]
    [InlineData("/api/uploads/presigned-put?code=")]
    [InlineData("/api/uploads/presigned-put?code=x&x-functions-key=x")]
    [InlineData("/api/bulk-uploads")]
    [InlineData("/api/events/x/redeliver")]
    public async Task No_path_leads_round_the_function_key(string path)
    {
        var key = RunningApp.NewKey();
        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Get, HttpMethod.Put, new("TRACE"), new("post")])
        {
            using var request = new HttpRequestMessage(method, RunningApp.Raw(app.Stack.App.Url + path)) { Content = method == HttpMethod.Get || method.Method == "TRACE" ? null : Json($$"""{"key":"{{key}}"}""") };
            request.Headers.TryAddWithoutValidation("X-Original-URL", "/api/u/x");
            request.Headers.TryAddWithoutValidation("X-Forwarded-Prefix", "/api/u");
            var answer = await _attacker.SendAsync(request);
            Assert.Contains(answer.Status, Closed.Append(HttpStatusCode.MethodNotAllowed));
            Assert.DoesNotContain("x-oss-signature", answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("KEY KEY")]
    [InlineData("KEY,x")]
    [InlineData("x,KEY")]
    [InlineData("UPPER")]
    [InlineData("SHORT")]
    public async Task A_function_key_is_right_as_a_whole(string key)
    {
        var right = app.Stack.FunctionKey;
        var guess = key switch { "UPPER" => right.ToUpperInvariant(), "SHORT" => right[..^1], _ => key.Replace("KEY", right, StringComparison.Ordinal) };
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Stack.App.Url + "/api/uploads/presigned-put") { Content = Json($$"""{"key":"{{RunningApp.NewKey()}}"}""") };
        request.Headers.TryAddWithoutValidation("x-functions-key", guess);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _attacker.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("SHOP'S KEY")]
    [InlineData("shop's key,")]
    [InlineData("shop's  key")]
    [InlineData("shop's key shop's key")]
    [InlineData("HASH")]
    [InlineData("")]
    [InlineData("LONG")]
    public async Task A_callers_key_is_right_as_a_whole(string key)
    {
        var guess = key switch
        {
            "HASH" => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("shop's key"u8)),
            "LONG" => "shop's key" + new string('k', 10_000),
            _ => key,
        };
        Assert.Equal((HttpStatusCode.Unauthorized, "caller_unknown"), await app.RefusalAsync("/api/uploads/presigned-put", new { profile = "shop" }, ("x-caller-key", guess)));
        Assert.Equal((HttpStatusCode.Unauthorized, "caller_unknown"), await app.RefusalAsync("/api/uploads", new { profile = "shop", kind = "session" }, ("x-caller-key", guess)));
    }

    [Theory]
    [InlineData("shop's key", "blog's key")]
    [InlineData("blog's key", "shop's key")]
    [InlineData("shop's key", "shop's key")]
    [InlineData("shop's key", "x")]
    public async Task Two_callers_keys_in_one_request_are_none(string first, string second) => Assert.Equal(
        (HttpStatusCode.Unauthorized, "caller_unknown"), await app.RefusalAsync("/api/uploads", new { profile = "shop" }, ("x-caller-key", first), ("x-caller-key", second)));

    [Fact]
    public async Task A_method_named_in_a_header_or_parameter_is_not_the_method()
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject = "u" });
        var (key, uploadId) = await client.BeginAsync();
        foreach (var name in (string[])["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, RunningApp.Raw(client.Endpoint + SessionClient.Path(uploadId, key) + "&_method=DELETE")) { Headers = { { name, "DELETE" } } };
            Assert.Equal((HttpStatusCode.OK, "[]"), (await _attacker.SendAsync(request) is var answer ? answer.Status : default, answer.Text));
        }

        await client.SendPartAsync(uploadId, key, 1, [1]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("https://www.example.com.evil.test")]
    [InlineData("https://evil.test/https://www.example.com")]
    [InlineData("https://evilwww.example.com")]
    [InlineData("https://www.example.com:8443")]
    [InlineData("https://www.example.com@evil.test")]
    [InlineData("https://www.example.com/")]
    [InlineData("https://www.example.com, https://evil.test")]
    [InlineData("https://www.example.com https://evil.test")]
    [InlineData("http://localhost:30000")]
    [InlineData("http://localhost")]
    [InlineData("*")]
    [InlineData("")]
    public async Task A_page_of_another_origin_reads_no_answer(string origin)
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject = "u" });
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/s3/params?filename=a.bin"), (HttpMethod.Options, "/s3/params"), (HttpMethod.Options, "/s3/multipart"), (HttpMethod.Get, "x/s3/params")])
        {
            using var request = new HttpRequestMessage(method, RunningApp.Raw(client.Endpoint + path));
            request.Headers.TryAddWithoutValidation("Origin", origin);
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
            using var response = await app.Outside.SendAsync(request);
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            Assert.Equal("Origin", response.Headers.Vary.Single());
        }

        using var honest = new HttpRequestMessage(HttpMethod.Get, client.Endpoint + "/s3/params?filename=a.bin") { Headers = { { "Origin", "https://www.example.com" } } };
        using var allowed = await app.Outside.SendAsync(honest);
        Assert.Equal("https://www.example.com", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
