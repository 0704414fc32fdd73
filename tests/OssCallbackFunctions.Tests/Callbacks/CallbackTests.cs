using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>Callbacks that are not about an upload of ours, and those that are.</summary>
public sealed class CallbackTests(RunningApp app)
{
    private const string Template =
        """{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},"mimeType":${mimeType},"crc64":${crc64},"operation":${operation},"requestId":${reqId}}""";

    [Fact]
    public async Task Tells_of_a_verified_upload_once_however_often_OSS_calls()
    {
        var key = RunningApp.NewKey();
        var (put, url) = await LendAsync(key, new { key, callback = "header", subject = "用户 7", contentType = "text/plain" });
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, "once"u8.ToArray())).Status);

        // OSS calls again for the same object: the URL was tried twice, or the uploader repeated the request.
        Assert.Equal("verified", State(await StoreAsync(key, "once", url)));
        Assert.Equal("verified", State(await StoreAsync(key, "once", url)));

        var id = put.GetProperty("id").GetString()!;
        var told = await RunningApp.EventuallyAsync(() => Task.FromResult(app.Events(id) is { Count: > 0 } events ? events : null));
        var happened = Assert.Single(told);
        Assert.Equal("1.0", happened.GetProperty("specversion").GetString());
        Assert.Equal(id + ".verified", happened.GetProperty("id").GetString());
        Assert.Equal(key, happened.GetProperty("subject").GetString());
        var data = happened.GetProperty("data");
        Assert.Equal("用户 7", data.GetProperty("subject").GetString());
        Assert.Equal(4, data.GetProperty("size").GetInt64());
        Assert.Equal(Crc64.ToText(Crc64.Compute("once"u8)), data.GetProperty("crc64").GetString());
        Assert.Equal("PutObject", data.GetProperty("operation").GetString());

        // A later upload's event shows that no second one of this upload is on its way.
        var last = await app.PresignAsync(new { key = RunningApp.NewKey() });
        await app.PutAsync(last, [1]);
        await RunningApp.EventuallyAsync(() => Task.FromResult(app.Events(last.GetProperty("id").GetString()!) is { Count: > 0 } events ? events : null));
        Assert.Single(app.Events(id));
    }

    [Fact]
    public async Task Refuses_a_used_grant_for_another_content()
    {
        var key = RunningApp.NewKey();
        var (put, url) = await LendAsync(key, new { key, callback = "header" });
        await app.PutAsync(put, [1]);
        Assert.Equal("refused", State(await StoreAsync(key, "other content", url)));
    }

    [Fact]
    public async Task A_repeat_gets_its_answer_without_a_look_at_the_object_and_leaves_nothing_behind()
    {
        var key = RunningApp.NewKey();
        var (put, url) = await LendAsync(key, new { key, callback = "header" });
        await app.PutAsync(put, "once"u8.ToArray());
        await RunningApp.EventuallyAsync(async () =>
        {
            Assert.Equal("verified", State(await StoreAsync(key, "once", url)));
            var taken = app.Stack.Oss.Requests.Where(request => request.Operation == "PutObject" && request.Key == key).ToArray();
            return taken[^1].Time - taken[0].Time > TimeSpan.FromSeconds(1.5) ? await Task.FromResult("another second") : null;
        });
        Assert.Single(app.Stack.Oss.Requests, request => request.Operation == "HeadObject" && request.Key == key);
        var rows = await app.Table("uploadobjects").QueryAsync<TableEntity>(row => row.GetString("Key") == key).ToListAsync();
        Assert.Single(rows);
    }

    [Fact]
    public async Task Refuses_another_tenants_callback_about_our_bucket()
    {
        // Genuinely signed by OSS, and the body names our bucket and an object in it; but the grant is none of ours.
        var key = RunningApp.NewKey();
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(60)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.Equal("refused", State(await StoreAsync(key, "x", $"{app.Stack.App.Url}/api/callbacks/oss/{token}")));
    }

    [Fact]
    public async Task Refuses_a_grant_of_another_key()
    {
        var key = RunningApp.NewKey();
        var (_, url) = await LendAsync(key, new { key, callback = "header" });
        Assert.Equal("refused", State(await StoreAsync(RunningApp.NewKey(), "x", url)));
    }

    [Fact]
    public async Task Refuses_a_body_that_does_not_agree_with_the_object()
    {
        var key = RunningApp.NewKey();
        var (_, url) = await LendAsync(key, new { key, callback = "header" });
        Assert.Equal("refused", State(await StoreAsync(key, "x", url, Template.Replace("${size}", "2", StringComparison.Ordinal))));
        Assert.Equal("refused", State(await StoreAsync(key, "x", url, Template.Replace("${etag}", "\"00000000000000000000000000000000\"", StringComparison.Ordinal))));
        Assert.Equal("refused", State(await StoreAsync(key, "x", url, Template.Replace("${crc64}", "\"1\"", StringComparison.Ordinal))));
        Assert.Equal("refused", State(await StoreAsync(key, "x", url, """{"object":${object}}""")));
        Assert.Equal("refused", State(await StoreAsync(key, "x", url, "no JSON")));
        Assert.Equal("verified", State(await StoreAsync(key, "x", url)));
    }

    [Fact]
    public async Task Tells_what_the_object_is_and_not_what_a_body_says_of_it()
    {
        // Whoever has the callback's URL can have OSS sign a body of his own with it, as long as the object is the same.
        var key = RunningApp.NewKey();
        var (put, url) = await LendAsync(key, new { key, callback = "header", contentType = "text/plain" });
        var forged = """{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},"mimeType":"text/html","operation":"Anything","requestId":"x"}""";
        Assert.Equal("verified", State(await StoreAsync(key, "x", url, forged)));
        var told = await RunningApp.EventuallyAsync(() => Task.FromResult(app.Events(put.GetProperty("id").GetString()!) is { Count: > 0 } events ? events : null));
        var data = Assert.Single(told).GetProperty("data");
        Assert.Equal("application/octet-stream", data.GetProperty("contentType").GetString());
        Assert.Equal(Crc64.ToText(Crc64.Compute("x"u8)), data.GetProperty("crc64").GetString());
        Assert.False(data.TryGetProperty("operation", out _));
        Assert.False(data.TryGetProperty("ossRequestId", out _));
    }

    [Theory]
    [InlineData("http://gosspublic.alicdn.com.evil.example/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com@127.0.0.1/callback_pub_key_v1.pem")]
    [InlineData("https://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    public async Task Refuses_a_signature_of_a_key_that_is_not_OSSs(string keyUrl)
    {
        using var rsa = RSA.Create(2048);
        var key = RunningApp.NewKey();
        var (_, url) = await LendAsync(key, new { key, callback = "header" });
        var path = new Uri(url).AbsolutePath;
        Assert.Equal(HttpStatusCode.Forbidden, await CallAsync(url, "{}", CallbackSignature.Sign(path, "{}"u8, rsa), keyUrl));
    }

    [Fact]
    public async Task Refuses_a_call_without_signature_and_tells_no_reason()
    {
        var (_, url) = await LendAsync("unsigned", new { key = RunningApp.NewKey(), callback = "header" });
        Assert.Equal(HttpStatusCode.Forbidden, await CallAsync(url, "{}", null, null));
        Assert.Equal(HttpStatusCode.Forbidden, await CallAsync(url, "{}", "bm90IGEgc2lnbmF0dXJl", app.Stack.Oss.CallbackKeyUrl));
        using var response = await app.Outside.PostAsync(url, new StringContent("{}"));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("callback_refused", problem.RootElement.GetProperty("code").GetString());
        Assert.False(problem.RootElement.TryGetProperty("detail", out _));
    }

    [Fact]
    public async Task Answers_with_a_Content_Length()
    {
        using var response = await app.Outside.PostAsync($"{app.Stack.App.Url}/api/callbacks/oss/x", new StringContent("{}"));
        Assert.True(response.Content.Headers.ContentLength > 0);
        Assert.NotEqual(true, response.Headers.TransferEncodingChunked);
    }

    [Fact]
    public async Task Does_not_read_a_body_without_end()
    {
        using var response = await app.Outside.PostAsync($"{app.Stack.App.Url}/api/callbacks/oss/x", new StringContent(new string('x', 65_537)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    /// <summary>A credential, and the URL of its callback as its uploader can read it.</summary>
    private async Task<(JsonElement Put, string CallbackUrl)> LendAsync(string key, object body)
    {
        var put = await app.PresignAsync(body);
        Assert.True(CallbackParameter.TryParse(put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _), key);
        return (put, callback.Urls.Single());
    }

    private Task<StoredObject> StoreAsync(string key, string content, string callbackUrl, string template = Template) => app.Oss.PutObjectAsync(
        Stack.Bucket, key, UploadBody.From(Encoding.UTF8.GetBytes(content)), null,
        new CallbackParameter { Urls = [callbackUrl], Body = template, BodyType = CallbackBodyType.Json });

    private static string State(StoredObject stored)
    {
        if (stored.CallbackError is { } error)
        {
            Assert.Contains("Error status : 403.", error.Message, StringComparison.Ordinal);
            return "refused";
        }

        using var answer = JsonDocument.Parse(stored.CallbackReply!);
        return answer.RootElement.GetProperty("state").GetString()!;
    }

    private async Task<HttpStatusCode> CallAsync(string url, string body, string? authorization, string? keyUrl)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            request.Headers.Add("x-oss-pub-key-url", Convert.ToBase64String(Encoding.UTF8.GetBytes(keyUrl!)));
        }

        using var response = await app.Outside.SendAsync(request);
        return response.StatusCode;
    }
}
