using System.Net;
using System.Text.Json;

namespace OssCallbackFunctions.Tests.Credentials;

public sealed class FormPostTests(RunningApp app)
{
    [Fact]
    public async Task Uploads_with_a_verified_callback()
    {
        var key = RunningApp.NewKey("表单 (1).jpg");
        var form = await app.FormAsync(new { key, contentType = "image/jpeg" });
        Assert.Equal(["bucket", "expires", "fields", "id", "key", "method", "url"], form.EnumerateObject().Select(member => member.Name).Order());
        Assert.EndsWith("/", form.GetProperty("url").GetString(), StringComparison.Ordinal);
        var (status, body) = await app.SendFormAsync(form, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal("verified", answer.RootElement.GetProperty("state").GetString());
        Assert.Equal(key, answer.RootElement.GetProperty("key").GetString());
        Assert.Equal("image/jpeg", (await app.Oss.HeadObjectAsync(Sandbox.Stack.Bucket, key))!.ContentType);
    }

    [Theory]
    [InlineData("key", "other/key")]
    [InlineData("x-oss-content-type", "text/html")]
    [InlineData("x-oss-object-acl", "public-read")]
    [InlineData("x-oss-object-acl", null)]
    [InlineData("x-oss-storage-class", "Archive")]
    [InlineData("success_action_redirect", "https://evil.example.com/")]
    [InlineData("callback", null)]
    [InlineData("callback", "eyJjYWxsYmFja1VybCI6Imh0dHA6Ly8xMjcuMC4wLjE6MS8iLCJjYWxsYmFja0JvZHkiOiJ4In0=")]
    [InlineData("success_action_status", "201")]
    [InlineData("x-oss-forbid-overwrite", "false")]
    [InlineData("x-oss-forbid-overwrite", null)]
    [InlineData("x-oss-date", "20250101T000000Z")]
    [InlineData("policy", "e30=")]
    public async Task Does_not_let_the_uploader_change_a_field(string field, string? value)
    {
        var form = await app.FormAsync(new { key = RunningApp.NewKey() });
        var (status, _) = await app.SendFormAsync(form, [1], (field, value));
        Assert.Contains(status, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.BadRequest]);
    }

    [Fact]
    public async Task Binds_the_size()
    {
        var exact = await app.FormAsync(new { key = RunningApp.NewKey(), size = 3 });
        Assert.Equal(HttpStatusCode.BadRequest, (await app.SendFormAsync(exact, [1, 2])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.SendFormAsync(exact, [1, 2, 3, 4])).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.SendFormAsync(exact, [1, 2, 3])).Status);
    }

    [Fact]
    public async Task Refuses_a_key_that_OSS_would_complete() =>
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_key"), await app.RefusalAsync("/api/uploads/form-post", new { key = "dir/${filename}" }));
}
