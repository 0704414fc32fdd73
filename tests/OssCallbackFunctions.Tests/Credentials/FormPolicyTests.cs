using System.Net;
using System.Text.Json;
using OssCallbackFunctions.Credentials;

namespace OssCallbackFunctions.Tests.Credentials;

/// <summary>The form in the shape of Alibaba Cloud's samples, used as these samples' pages use it.</summary>
public sealed class FormPolicyTests(RunningApp app)
{
    private const string Path = "/api/uploads/form-policy";

    [Fact]
    public async Task A_front_end_written_for_the_samples_uploads_with_it()
    {
        var lent = await app.Client.PostAsync(Path, new { profile = "samples", fileName = "my photo.png", contentType = "image/png" }, default);
        Assert.Equal(
            ["accessid", "callback", "dir", "expire", "filename", "host", "id", "policy", "signature", "x_oss_credential", "x_oss_date", "x_oss_signature_version"],
            lent.EnumerateObject().Select(member => member.Name).Order());
        Assert.InRange(lent.GetProperty("expire").GetInt64(), DateTimeOffset.UtcNow.AddMinutes(14).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddMinutes(15).ToUnixTimeSeconds());
        var (status, body) = await SendAsync(lent, lent.GetProperty("dir").GetString() + "my photo.png");
        Assert.Equal(HttpStatusCode.OK, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal("verified", answer.RootElement.GetProperty("state").GetString());
        Assert.Equal(lent.GetProperty("id").GetString(), answer.RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Pins_key_size_and_callback()
    {
        var lent = await app.Client.PostAsync(Path, new { profile = "samples", fileName = "a.png" }, default);
        var (dir, name) = (lent.GetProperty("dir").GetString(), lent.GetProperty("filename").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(lent, dir + "b.png")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(lent, dir + name, callback: false)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(lent, dir + name, size: 1001)).Status);
    }

    [Fact]
    [Trait("hole", "s9")]
    public async Task Its_holder_can_replace_his_own_upload_of_which_one_event_tells()
    {
        var lent = await app.Client.PostAsync(Path, new { profile = "samples", fileName = "a.png" }, default);
        var key = lent.GetProperty("dir").GetString() + "a.png";
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(lent, key)).Status);
        Assert.Equal(HttpStatusCode.NonAuthoritativeInformation, (await SendAsync(lent, key, size: 4)).Status);
        Assert.Equal(4, (await app.Oss.HeadObjectAsync(Sandbox.Stack.Bucket, key))!.Size);
        Assert.Equal(3, Assert.Single(await app.EventsOfAsync(lent.GetProperty("id").GetString()!)).GetProperty("data").GetProperty("size").GetInt32());

        var other = await app.Client.PostAsync(Path, new { profile = "samples", fileName = "a.png" }, default);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(other, key)).Status);
    }

    [Fact]
    public async Task The_ledger_looks_for_what_its_holder_put_in_place_of_his_upload_whatever_the_profile_says()
    {
        await using var engine = new BulkUploads.Engine(app);
        var signed = await engine.Get<UploadCredentialIssuer>().SignFormPolicyAsync(new UploadCredentialRequest { Profile = "samples", FileName = "a.png" }, cancellationToken: default);
        Assert.True(signed.Value!.Entry!.MayReplace);
    }

    [Fact]
    public async Task Is_no_form_of_V1()
    {
        var lent = await app.Client.PostAsync(Path, new { profile = "samples", fileName = "a.png" }, default);
        string Text(string name) => lent.GetProperty(name).GetString()!;
        var key = Text("dir") + Text("filename");
        using var form = new MultipartFormDataContent
        {
            { new StringContent(key), "key" }, { new StringContent(Text("policy")), "policy" }, { new StringContent(Text("accessid")), "OSSAccessKeyId" },
            { new StringContent(Text("signature")), "Signature" }, { new StringContent("200"), "success_action_status" }, { new StringContent(Text("callback")), "callback" },
            { new ByteArrayContent([1]), "file", "a.png" },
        };
        using var response = await app.Outside.PostAsync(Text("host"), form);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Null(await app.Oss.HeadObjectAsync(Sandbox.Stack.Bucket, key));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(lent, key)).Status);
    }

    [Fact]
    public async Task Is_lent_only_where_the_profile_says_so() =>
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_kind"), await app.RefusalAsync(Path, new { key = "k" }));

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(JsonElement lent, string key, bool callback = true, int size = 3)
    {
        string Text(string name) => lent.GetProperty(name).GetString()!;
        using var form = new MultipartFormDataContent
        {
            { new StringContent("200"), "success_action_status" }, { new StringContent(Text("policy")), "policy" }, { new StringContent(Text("signature")), "x-oss-signature" },
            { new StringContent(Text("x_oss_signature_version")), "x-oss-signature-version" }, { new StringContent(Text("x_oss_credential")), "x-oss-credential" },
            { new StringContent(Text("x_oss_date")), "x-oss-date" }, { new StringContent(key), "key" },
        };
        if (callback)
        {
            form.Add(new StringContent(Text("callback")), "callback");
        }

        form.Add(new ByteArrayContent(new byte[size]), "file", "a.png");
        using var response = await app.Outside.PostAsync(Text("host"), form);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
