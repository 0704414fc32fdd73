using System.Net;
using System.Text.Json;

namespace OssCallbackFunctions.Tests.UploadSessions;

/// <summary>One endpoint for all kinds of credential.</summary>
public sealed class UploadSessionTests(RunningApp app)
{
    private const string Path = "/api/uploads";

    [Theory]
    [InlineData(null, "form")]
    [InlineData(5L, "put")]
    [InlineData(104_857_599L, "put")]
    [InlineData(104_857_600L, "multipart")]
    [InlineData(50_000_000_000L, "multipart")]
    public async Task The_size_decides_of_what_kind_the_credential_is(long? size, string kind)
    {
        var (answer, _) = await SessionClient.OpenAsync(app, new { profile = "files", subject = "u", fileName = "a.bin", size });
        Assert.Equal(new[] { "endpoint", "expires", "id", "kind", kind }.Order(), answer.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(kind, answer.GetProperty("kind").GetString());
        Assert.Equal(answer.GetProperty("id").GetString(), answer.GetProperty(kind).GetProperty("id").GetString());
        Assert.StartsWith(app.Stack.App.Url + "/api/u/", answer.GetProperty("endpoint").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_presigned_PUT_and_a_form_upload_with_a_verified_callback()
    {
        var (put, _) = await SessionClient.OpenAsync(app, new { profile = "files", subject = "u", fileName = "a.bin", kind = "put", callback = "header" });
        Assert.Contains("\"verified\"", (await app.PutAsync(put.GetProperty("put"), [1])).Body, StringComparison.Ordinal);
        var (form, _) = await SessionClient.OpenAsync(app, new { profile = "files", subject = "u", fileName = "a.bin", kind = "form", size = 2 });
        Assert.Contains("\"verified\"", (await app.SendFormAsync(form.GetProperty("form"), [1, 2])).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_multipart_upload_comes_with_URLs_bound_to_the_size_of_each_part()
    {
        var content = new byte[8 * 1024 * 1024 + 7];
        Random.Shared.NextBytes(content);
        var (answer, client) = await SessionClient.OpenAsync(app, new { profile = "files", subject = "u", fileName = "a.bin", kind = "multipart", size = content.Length });
        var lent = answer.GetProperty("multipart");
        Assert.Equal((8 * 1024 * 1024, 2), (lent.GetProperty("partSize").GetInt32(), lent.GetProperty("partCount").GetInt32()));
        var parts = lent.GetProperty("parts").EnumerateArray().ToList();
        Assert.Equal([8 * 1024 * 1024, 7], parts.Select(part => part.GetProperty("size").GetInt32()));

        using (var longer = new HttpRequestMessage(HttpMethod.Put, RunningApp.Raw(parts[1].GetProperty("url").GetString()!)) { Content = new ByteArrayContent(new byte[8]) })
        {
            using var refused = await app.Outside.SendAsync(longer);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        var etags = new List<(int, string)>();
        foreach (var (part, index) in parts.Select((part, index) => (part, index)))
        {
            var offset = index * 8 * 1024 * 1024;
            etags.Add((index + 1, await client.SendAsync(part.GetProperty("url").GetString()!, content[offset..(offset + part.GetProperty("size").GetInt32())])));
        }

        var (key, uploadId) = (lent.GetProperty("key").GetString()!, lent.GetProperty("uploadId").GetString()!);
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts(etags));
        using var stored = await app.GetObjectAsync(key);
        Assert.Equal(content, await stored.Content.ReadAsByteArrayAsync());
        var told = Assert.Single(await app.EventsOfAsync(answer.GetProperty("id").GetString()!)).GetProperty("data");
        Assert.Equal(content.Length, told.GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task The_capability_URL_of_one_file_is_for_its_key_alone()
    {
        var (answer, client) = await SessionClient.OpenAsync(app, new { profile = "files", subject = "u", fileName = "granted.bin", contentType = "text/plain", size = 3 });
        var key = answer.GetProperty("put").GetProperty("key").GetString()!;
        var form = await client.GoodAsync(HttpMethod.Get, "/s3/params?filename=other.html&type=text%2Fhtml");
        Assert.Equal(key, form.GetProperty("fields").GetProperty("key").GetString());
        Assert.Equal("text/plain", form.GetProperty("fields").GetProperty("x-oss-content-type").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await app.SendFormAsync(form, [1, 2, 3, 4])).Status);
        var (multipartKey, _) = await client.BeginAsync("other.html", "text/html");
        Assert.Equal(key, multipartKey);
    }

    [Fact]
    public async Task A_capability_URL_lets_no_type_through_that_the_profile_does_not_allow()
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject = "u" });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_content_type"), await client.RefusedAsync(HttpMethod.Get, "/s3/params?filename=a.html&type=text%2Fhtml"));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_content_type"), await client.RefusedAsync(HttpMethod.Post, "/s3/multipart", new { filename = "a.svg", type = "image/svg+xml" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_file_name"), await client.RefusedAsync(HttpMethod.Get, "/s3/params?type=text%2Fplain"));
    }

    [Fact]
    public async Task Refuses_what_cannot_be_lent()
    {
        var file = new { profile = "files", subject = "u", fileName = "a.bin" };
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_kind"), await app.RefusalAsync(Path, new { kind = "session", profile = "files", subject = "u", fileName = "a.bin" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_kind"), await app.RefusalAsync(Path, new { kind = "session", profile = "drafts", subject = "u" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_kind"), await app.RefusalAsync(Path, new { kind = "session" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_subject"), await app.RefusalAsync(Path, new { kind = "session", profile = "files" }));
        Assert.Equal((HttpStatusCode.BadRequest, "profile_not_found"), await app.RefusalAsync(Path, new { kind = "session", profile = "none" }));
        Assert.Equal((HttpStatusCode.Forbidden, "profile_forbidden"), await app.RefusalAsync(Path, new { kind = "session", profile = "shop" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), await app.RefusalAsync(Path, new { kind = "sometimes" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_size"), await app.RefusalAsync(Path, new { file.profile, file.subject, file.fileName, kind = "put", size = 5_368_709_121 }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_size"), await app.RefusalAsync(Path, new { file.profile, file.subject, file.fileName, kind = "form", size = 5_368_709_121 }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_size"), await app.RefusalAsync(Path, new { file.profile, file.subject, file.fileName, size = 100_000_000_001 }));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_checksum"), await app.RefusalAsync(Path, new { file.profile, file.subject, file.fileName, kind = "multipart", md5 = Convert.ToBase64String(new byte[16]) }));
        using var http = new HttpClient { BaseAddress = app.Http.BaseAddress };
        using var response = await http.PostAsync(Path, new StringContent(JsonSerializer.Serialize(file)));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
