using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Azure.Data.Tables;
using Oss.Protocol;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>A lent form filled in otherwise than it was lent: what its policy names cannot be changed or left out, and what it does not name changes nothing that matters.</summary>
public sealed class AlteredFormTests(RunningApp app)
{
    private const string Denied = "403 AccessDenied";

    private static readonly string OtherCallback = new CallbackParameter { Urls = ["http://127.0.0.1:1/"], Body = "bucket=${bucket}" }.ToBase64();

    private readonly Attacker _attacker = new(app);

    [Theory]
    [Trait("hole", "s3")]
    [InlineData("callback", null)]
    [InlineData("callback", "")]
    [InlineData("callback", "other")]
    [InlineData("policy", null)]
    [InlineData("policy", "e30=")]
    [InlineData("x-oss-signature", null)]
    [InlineData("x-oss-signature", "0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task The_callback_cannot_be_stripped_or_replaced(string field, string? value) =>
        await IsRefusedAsync(await FormAsync(), field, value == "other" ? OtherCallback : value);

    [Theory]
    [Trait("hole", "s5")]
    [InlineData("other/file.bin")]
    [InlineData("${filename}")]
    [InlineData("KEY/../${filename}")]
    [InlineData("KEY/")]
    [InlineData("KEY ")]
    [InlineData("/KEY")]
    [InlineData("")]
    [InlineData(null)]
    public async Task The_key_cannot_be_another(string? key)
    {
        var form = await FormAsync();
        await IsRefusedAsync(form, "key", key?.Replace("KEY", form.GetProperty("key").GetString(), StringComparison.Ordinal));
    }

    [Theory]
    [Trait("hole", "s7")]
    [InlineData("x-oss-content-type", "text/html")]
    [InlineData("x-oss-content-type", "image/png;charset=x")]
    [InlineData("x-oss-content-type", "")]
    [InlineData("x-oss-content-type", null)]
    public async Task The_content_type_cannot_be_another(string field, string? value) => await IsRefusedAsync(await FormAsync(), field, value);

    [Theory]
    [Trait("hole", "s8")]
    [InlineData("x-oss-object-acl", "public-read")]
    [InlineData("x-oss-object-acl", null)]
    [InlineData("x-oss-storage-class", "Archive")]
    [InlineData("x-oss-storage-class", null)]
    [InlineData("success_action_redirect", "https://evil.example.com/")]
    [InlineData("success_action_redirect", null)]
    [InlineData("success_action_status", "204")]
    public async Task Neither_rights_nor_place_nor_redirect_can_be_added(string field, string? value) => await IsRefusedAsync(await FormAsync(), field, value);

    [Theory]
    [Trait("hole", "s6")]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(6)]
    public async Task The_size_is_that_which_was_granted(int size)
    {
        var form = await app.FormAsync(new { key = RunningApp.NewKey(), size = 5 });
        var (status, body) = await app.SendFormAsync(form, new byte[size]);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("EntityToo", body, StringComparison.Ordinal);
        await IsNotStoredAsync(form);
        Attacker.IsVerified((await app.SendFormAsync(form, new byte[5])).Body);
    }

    [Fact]
    [Trait("hole", "s9")]
    public async Task Anothers_object_is_not_replaced_and_the_field_that_forbids_it_cannot_be_stripped()
    {
        var form = await FormAsync();
        var key = form.GetProperty("key").GetString()!;
        await _attacker.StoreAsync(key, "the victim's");
        foreach (var value in (string?[])[null, "false", "", "TRUE"])
        {
            Assert.Equal(Denied, await SendAsync(form, ("x-oss-forbid-overwrite", value)));
        }

        Assert.Equal("409 FileAlreadyExists", await SendAsync(form));
        using var stored = await app.GetObjectAsync(key);
        Assert.Equal("the victim's", await stored.Content.ReadAsStringAsync());
        await _attacker.NobodyIsToldOfAsync(key, form.GetProperty("id").GetString());
    }

    [Fact]
    [Trait("hole", "s4")]
    public async Task Fields_that_would_be_variables_of_the_callback_change_nothing_of_what_is_told()
    {
        var form = await app.FormAsync(new { profile = "orders", subject = "alice", variables = new { order = "42" } });
        (string, string?)[] added = [("x:order", "43"), ("x:subject", "mallory"), ("x:size", "9"), ("x:bucket", Attacker.OwnBucket), ("x:uploadid", "other"), ("callback-var", Attacker.Base64("""{"x:order":"43"}"""))];
        var (status, _) = await app.SendFormAsync(form, [1], added);
        Assert.Equal(HttpStatusCode.OK, status);
        var id = form.GetProperty("id").GetString()!;
        var data = Assert.Single(await app.EventsOfAsync(id)).GetProperty("data");
        Assert.Equal(("42", "alice", 1), (data.GetProperty("variables").GetProperty("order").GetString(), data.GetProperty("subject").GetString(), data.GetProperty("size").GetInt32()));
        Assert.Equal((Stack.Bucket, form.GetProperty("key").GetString()), (data.GetProperty("bucket").GetString(), data.GetProperty("key").GetString()));
        Assert.Equal("42", JsonDocument.Parse((await app.Table("uploads").GetEntityAsync<TableEntity>(id, "upload")).Value.GetString("Variables")).RootElement.GetProperty("order").GetString());
    }

    [Fact]
    [Trait("hole", "s7")]
    public async Task A_file_named_and_typed_as_a_page_is_stored_as_what_was_granted()
    {
        var form = await app.FormAsync(new { profile = "files", subject = "u", fileName = "page.html" });
        using var body = new MultipartFormDataContent();
        foreach (var field in form.GetProperty("fields").EnumerateObject())
        {
            body.Add(new StringContent(field.Value.GetString()!), $"\"{field.Name}\"");
        }

        body.Add(new StringContent("text/html"), "\"Content-Type\"");
        var file = new ByteArrayContent("<script>alert(1)</script>"u8.ToArray());
        file.Headers.ContentType = new MediaTypeHeaderValue("text/html");
        body.Add(file, "\"file\"", "\"page.html\"");
        using var response = await app.Outside.PostAsync(form.GetProperty("url").GetString(), body);
        Attacker.IsVerified(await response.Content.ReadAsStringAsync());
        Assert.Equal("application/octet-stream", (await app.Oss.HeadObjectAsync(Stack.Bucket, form.GetProperty("key").GetString()!))!.ContentType);
    }

    [Theory]
    [Trait("hole", "s7")]
    [InlineData("attachment")]
    [InlineData("inline; filename=page.html")]
    [InlineData("")]
    [InlineData(null)]
    public async Task The_content_disposition_is_that_of_the_profile(string? disposition) =>
        await IsRefusedAsync(await app.FormAsync(new { profile = "photos", subject = "u", fileName = "a.png", contentType = "image/png" }), "Content-Disposition", disposition);

    [Theory]
    [Trait("hole", "s3")]
    [InlineData("callback", null)]
    [InlineData("callback", "other")]
    [InlineData("policy", null)]
    [InlineData("policy", "e30=")]
    [InlineData("x-oss-signature", null)]
    public Task The_callback_of_a_capability_URLs_form_cannot_be_stripped_or_replaced(string field, string? value) => LentByUrlIsRefusedAsync(field, value == "other" ? OtherCallback : value);

    [Theory]
    [Trait("hole", "s5")]
    [InlineData("other/file.bin")]
    [InlineData("files/victim/${filename}")]
    [InlineData(null)]
    public Task The_key_of_a_capability_URLs_form_cannot_be_another(string? key) => LentByUrlIsRefusedAsync("key", key);

    [Theory]
    [Trait("hole", "s7")]
    [InlineData("x-oss-content-type", "text/html")]
    [InlineData("x-oss-content-type", null)]
    [InlineData("Content-Disposition", "attachment")]
    [InlineData("Content-Disposition", null)]
    public Task The_type_and_disposition_of_a_capability_URLs_form_cannot_be_others(string field, string? value) => LentByUrlIsRefusedAsync(field, value);

    [Theory]
    [Trait("hole", "s8")]
    [InlineData("x-oss-object-acl", "public-read")]
    [InlineData("x-oss-object-acl", null)]
    [InlineData("x-oss-storage-class", "Archive")]
    [InlineData("x-oss-storage-class", null)]
    [InlineData("x-oss-forbid-overwrite", "false")]
    [InlineData("x-oss-traffic-limit", "819200")]
    [InlineData("success_action_status", "204")]
    public Task Neither_rights_nor_place_of_a_capability_URLs_form_can_be_others(string field, string? value) => LentByUrlIsRefusedAsync(field, value);

    private async Task LentByUrlIsRefusedAsync(string field, string? value)
    {
        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "photos", subject = "u" });
        var form = await client.GoodAsync(HttpMethod.Get, "/s3/params?filename=a.png&type=image%2Fpng");
        var told = JsonSerializer.SerializeToNode(form)!;
        var key = form.GetProperty("fields").GetProperty("key").GetString()!;
        (told["key"], told["id"]) = (key, Path.GetFileNameWithoutExtension(key));
        await IsRefusedAsync(told.Deserialize<JsonElement>(), field, value);
    }

    private Task<JsonElement> FormAsync() => app.FormAsync(new { key = RunningApp.NewKey(), contentType = "image/png" });

    private async Task IsRefusedAsync(JsonElement form, string field, string? value)
    {
        var answer = await SendAsync(form, (field, value));
        Assert.Contains(answer, (string[])[Denied, "400 InvalidArgument", "400 InvalidPolicyDocument", "403 SignatureDoesNotMatch", "400 InvalidObjectName"]);
        await IsNotStoredAsync(form);
        Attacker.IsVerified((await app.SendFormAsync(form, [1])).Body);
    }

    private async Task IsNotStoredAsync(JsonElement form)
    {
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, form.GetProperty("key").GetString()!));
        Assert.Empty(app.Events(form.GetProperty("id").GetString()!));
    }

    private async Task<string> SendAsync(JsonElement form, params (string, string?)[] changes)
    {
        var (status, body) = await app.SendFormAsync(form, [1], changes);
        return $"{(int)status} {System.Xml.Linq.XElement.Parse(body).Element("Code")?.Value}";
    }
}
