using System.Net;
using System.Text.Json;

namespace OssCallbackFunctions.Tests.Credentials;

public sealed class PresignedPutTests(RunningApp app)
{
    public static TheoryData<string> OddKeys => ["a/../b.txt", "a+b.txt", "100%.txt", "%2F.txt", "a b.txt", "图片/封面.png", "🚀.bin", "./x", "a//b", "q?x=1&y#z.txt", "it's (1)!*.txt"];

    [Theory]
    [InlineData("query")]
    [InlineData("header")]
    public async Task Uploads_with_a_verified_callback_in(string place)
    {
        var key = RunningApp.NewKey();
        var put = await app.PresignAsync(new { key, contentType = "text/plain", callback = place });
        var (status, body) = await app.PutAsync(put, "hello"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal("verified", answer.RootElement.GetProperty("state").GetString());
        Assert.Equal(put.GetProperty("id").GetString(), answer.RootElement.GetProperty("id").GetString());
        Assert.Equal(5, answer.RootElement.GetProperty("size").GetInt64());
        Assert.Equal(place == "header", put.GetProperty("headers").EnumerateObject().Any(header => header.Name == "x-oss-callback"));
        var head = await app.Oss.HeadObjectAsync(Sandbox.Stack.Bucket, key);
        Assert.Equal("text/plain", head!.ContentType);
    }

    [Theory]
    [MemberData(nameof(OddKeys))]
    public async Task Uploads_to_any_key(string name)
    {
        var key = RunningApp.NewKey(name);
        var (status, body) = await app.PutAsync(await app.PresignAsync(new { key }), [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("verified", body, StringComparison.Ordinal);
        Assert.NotNull(await app.Oss.HeadObjectAsync(Sandbox.Stack.Bucket, key));
    }

    [Fact]
    public async Task Answers_what_the_uploader_needs_and_nothing_more()
    {
        using var response = await app.Http.PostAsync("/api/uploads/presigned-put", new StringContent($$"""{"key":"{{RunningApp.NewKey()}}"}"""));
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var put = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(["bucket", "expires", "headers", "id", "key", "method", "url"], put.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal("PUT", put.GetProperty("method").GetString());
        Assert.Equal(["Content-Type", "x-oss-forbid-overwrite"], put.GetProperty("headers").EnumerateObject().Select(header => header.Name).Order());
        Assert.InRange(put.GetProperty("expires").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(10), DateTimeOffset.UtcNow.AddMinutes(15));
        Assert.DoesNotContain(app.Stack.AccessKey.Secret, put.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binds_an_exact_size()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), size = 3 });
        var (longer, _) = await app.PutAsync(put, [1, 2, 3, 4]);
        Assert.Equal(HttpStatusCode.Forbidden, longer);
        var (exact, _) = await app.PutAsync(put, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, exact);
    }

    [Fact]
    public async Task Does_not_let_the_uploader_change_what_was_signed()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), contentType = "image/png", callback = "header" });
        var (type, _) = await app.PutAsync(put, [1], request => request.Content!.Headers.ContentType = new("text/html"));
        var (callback, _) = await app.PutAsync(put, [1], request => request.Headers.Remove("x-oss-callback"));
        var (acl, _) = await app.PutAsync(put, [1], request => request.Headers.Add("x-oss-object-acl", "public-read"));
        var (query, _) = await app.PutAsync(put, [1], request => request.RequestUri = RunningApp.Raw(request.RequestUri!.OriginalString + "&x-oss-traffic-limit=819200"));
        Assert.All([type, callback, acl, query], status => Assert.Equal(HttpStatusCode.Forbidden, status));
    }

    [Fact]
    public async Task Does_not_replace_an_object()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, [1])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.PutAsync(put, [2])).Status);
    }

    [Fact]
    public async Task Asks_for_the_function_key()
    {
        using var http = new HttpClient { BaseAddress = app.Http.BaseAddress };
        using var response = await http.PostAsync("/api/uploads/presigned-put", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("", "invalid_key")]
    [InlineData("/a", "invalid_key")]
    [InlineData("\\a", "invalid_key")]
    public async Task Refuses_keys_that_OSS_does_not_take(string key, string code) =>
        Assert.Equal((HttpStatusCode.BadRequest, code), await app.RefusalAsync("/api/uploads/presigned-put", new { key }));

    [Fact]
    public async Task Refuses_bad_requests_by_code()
    {
        var key = RunningApp.NewKey();
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_key"), await app.RefusalAsync("/api/uploads/presigned-put", new { key = new string('k', 1024) }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_size"), await app.RefusalAsync("/api/uploads/presigned-put", new { key, size = 5_368_709_121 }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_size"), await app.RefusalAsync("/api/uploads/presigned-put", new { key, size = -1 }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_content_type"), await app.RefusalAsync("/api/uploads/presigned-put", new { key, contentType = "a\r\nx: y" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_subject"), await app.RefusalAsync("/api/uploads/presigned-put", new { key, subject = new string('s', 129) }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), await app.RefusalAsync("/api/uploads/presigned-put", new { key, bucket = "other" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), await app.RefusalAsync("/api/uploads/presigned-put", "no object"));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), await app.RefusalAsync("/api/uploads/presigned-put", new { key = new string('k', 70_000) }));
    }
}
