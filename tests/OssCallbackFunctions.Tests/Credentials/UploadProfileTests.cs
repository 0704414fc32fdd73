using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Oss.Protocol;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Credentials;

public sealed class UploadProfileTests(RunningApp app)
{
    private const string Put = "/api/uploads/presigned-put";
    private const string Form = "/api/uploads/form-post";

    [Fact]
    public async Task The_server_makes_the_key_and_the_terms_of_a_presigned_PUT()
    {
        var put = await app.PresignAsync(new { profile = "photos", subject = "用户/7", fileName = "..\\My Photo.PNG", contentType = "image/png", size = 5 });
        var key = put.GetProperty("key").GetString()!;
        Assert.Matches(@"^photos/%E7%94%A8%E6%88%B7%2F7/\d{4}/\d\d/\d\d/" + Regex.Escape(put.GetProperty("id").GetString()!) + @"\.png$", key);
        Assert.Equal(Stack.Bucket, put.GetProperty("bucket").GetString());
        var (status, body) = await app.PutAsync(put, "12345"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"verified\"", body, StringComparison.Ordinal);

        using var response = await app.GetObjectAsync(key);
        Assert.Equal("inline", response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("IA", response.Headers.GetValues("x-oss-storage-class").Single());
        Assert.Equal("private", await AclAsync(key));
        Assert.Contains("x-oss-traffic-limit=838860800", put.GetProperty("url").GetString(), StringComparison.Ordinal);
        var data = Assert.Single(await app.EventsOfAsync(put.GetProperty("id").GetString()!)).GetProperty("data");
        Assert.Equal("photos", data.GetProperty("profile").GetString());
        Assert.Equal("用户/7", data.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task The_server_makes_the_key_and_the_terms_of_a_form()
    {
        var form = await app.FormAsync(new { profile = "photos", subject = "u", fileName = "a.png", contentType = "image/png" });
        var (status, body) = await app.SendFormAsync(form, "12345"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"verified\"", body, StringComparison.Ordinal);
        using var response = await app.GetObjectAsync(form.GetProperty("key").GetString()!);
        Assert.Equal("inline", response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("IA", response.Headers.GetValues("x-oss-storage-class").Single());
        Assert.Equal("image/png", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("private", await AclAsync(form.GetProperty("key").GetString()!));
        Assert.Equal("838860800", form.GetProperty("fields").GetProperty("x-oss-traffic-limit").GetString());

        var empty = await app.FormAsync(new { profile = "photos", subject = "u", fileName = "a.png", contentType = "image/png" });
        Assert.Equal(HttpStatusCode.BadRequest, (await app.SendFormAsync(empty, [])).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.SendFormAsync(empty, new byte[1001])).Status);
    }

    [Fact]
    public async Task The_server_makes_the_key_and_the_terms_of_a_multipart_upload()
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "photos", subject = "u" });
        var (key, uploadId) = await client.BeginAsync("a.png", "image/png");
        var part = (await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"))).GetProperty("url").GetString()!;
        Assert.Contains("x-oss-traffic-limit=838860800", part, StringComparison.Ordinal);
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, await client.SendAsync(part, [1]))));
        using var response = await app.GetObjectAsync(key);
        Assert.Equal("inline", response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("IA", response.Headers.GetValues("x-oss-storage-class").Single());
        Assert.Equal("image/png", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("private", await AclAsync(key));
    }

    [Fact]
    public async Task Binds_a_presigned_PUT_to_an_MD5()
    {
        // printf right | openssl md5 -binary | base64
        const string md5 = "fE8pQHiTwzSmy3qHvwRcDQ==";
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), size = 5, md5 });
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync(put, "wrong"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, "right"u8.ToArray())).Status);
    }

    [Fact]
    public async Task Replaces_an_object_where_the_profile_says_so()
    {
        var (first, second) = (await DraftAsync(), await DraftAsync());
        Assert.Equal(first.GetProperty("key").GetString(), second.GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(first, [1])).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(second, [2])).Status);
    }

    [Fact]
    public async Task Keeps_a_profile_for_its_callers()
    {
        var body = new { profile = "shop", fileName = "a.bin" };
        Assert.Equal((HttpStatusCode.Forbidden, "profile_forbidden"), await app.RefusalAsync(Put, body));
        Assert.Equal((HttpStatusCode.Forbidden, "profile_forbidden"), await app.RefusalAsync(Put, body, ("x-caller-key", "blog's key")));
        Assert.Equal((HttpStatusCode.Unauthorized, "caller_unknown"), await app.RefusalAsync(Put, body, ("x-caller-key", "nobody's key")));
        Assert.Equal((HttpStatusCode.Unauthorized, "caller_unknown"), await app.RefusalAsync(Put, new { key = "k" }, ("x-caller-key", "")));
        using var request = new HttpRequestMessage(HttpMethod.Post, Put) { Content = new StringContent(JsonSerializer.Serialize(body)), Headers = { { "x-caller-key", "shop's key" } } };
        using var response = await app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Refuses_what_the_profile_does_not_allow()
    {
        var good = new { profile = "photos", subject = "u", fileName = "a.png", contentType = "image/png", size = 5 };
        Assert.Equal((HttpStatusCode.BadRequest, "profile_not_found"), await app.RefusalAsync(Put, good with { profile = "none" }));
        Assert.Equal((HttpStatusCode.BadRequest, "profile_not_found"), await app.RefusalAsync(Put, good with { profile = "Photos" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_content_type"), await app.RefusalAsync(Put, good with { contentType = "text/plain" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_size"), await app.RefusalAsync(Put, good with { size = 0 }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_size"), await app.RefusalAsync(Put, good with { size = 1001 }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_subject"), await app.RefusalAsync(Put, good with { subject = "" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_file_name"), await app.RefusalAsync(Put, good with { fileName = "" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_file_name"), await app.RefusalAsync(Put, good with { fileName = new string('a', 1025) }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_key"), await app.RefusalAsync(Put, new { profile = "photos", key = "photos/u/mine.png", contentType = "image/png" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_checksum"), await app.RefusalAsync(Put, new { key = "k", md5 = "AAAA" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_checksum"), await app.RefusalAsync(Form, new { key = "k", md5 = Convert.ToBase64String(new byte[16]) }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_content_type"), await app.RefusalAsync(Form, new { key = "k", contentType = "text/html" }));
    }

    private async Task<string?> AclAsync(string key)
    {
        var url = new V4Signer(app.Stack.AccessKey, Stack.Region).Presign(
            new OssRequest("GET", Stack.Bucket, key).With("acl", ""), OssEndpoint.Parse(app.Stack.Oss.Endpoint), DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1)).Url;
        return XDocument.Parse(await app.Outside.GetStringAsync(RunningApp.Raw(url))).Descendants("Grant").Single().Value;
    }

    private Task<JsonElement> DraftAsync() => app.PresignAsync(new { profile = "drafts", fileName = "one.txt", subject = "draft", contentType = "text/plain" });
}
