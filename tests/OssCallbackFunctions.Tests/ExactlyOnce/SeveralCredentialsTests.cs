using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Oss.Emulator.Faults;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>Several credentials for one key: HeadObject does not say which of them an object was stored with.</summary>
public sealed class SeveralCredentialsTests(RunningApp app)
{
    [Fact]
    public async Task Refuses_a_callback_when_the_ledger_was_sooner_and_told_of_its_object_as_another_uploads()
    {
        var key = RunningApp.NewKey();
        app.Stack.Oss.Faults.Add(new Fault("PutObject") { KeyPrefix = key, Effect = new DropCallbackEffect { Answer = DroppedCallback.Success } });
        var put = await app.PresignAsync(new { key, callback = "header" });
        await app.PutAsync(put, "late"u8.ToArray());
        var other = await SendDueAsync(key);
        Assert.Single(await app.EventsOfAsync(other));

        Assert.Equal(HttpStatusCode.Forbidden, await CallBackAsync(put, key, await HeadAsync(key)));
        var id = put.GetProperty("id").GetString()!;
        Assert.False((await app.Table("uploads").GetEntityIfExistsAsync<TableEntity>(id, "upload")).HasValue);
        Assert.Empty(app.Events(id));
        Assert.Single(app.Events(other));
    }

    [Fact]
    public async Task Leaves_an_object_alone_whose_callback_was_cut_off_when_another_credential_comes_due()
    {
        // What a callback leaves behind whose worker dies before it has written the row: the object is its upload's, and its own entry will tell of it.
        var key = RunningApp.NewKey();
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        var head = await HeadAsync(key);
        var id = Guid.NewGuid().ToString("N");
        await app.Table("uploadobjects").CreateIfNotExistsAsync();
        await app.Table("uploadobjects").AddEntityAsync(new TableEntity(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Stack.Bucket}/{key}"))), $"{head.ETag.Trim('"')}@{head.LastModified!.Value.ToUnixTimeSeconds()}")
        {
            ["UploadId"] = id, ["Key"] = key, ["FoundWithoutCallback"] = false,
        });
        Assert.Equal("Expired", (await app.RowAsync(await SendDueAsync(key))).GetString("State"));
        await SendDueAsync(key, id);
        Assert.True(Assert.Single(await app.EventsOfAsync(id)).GetProperty("data").GetProperty("foundWithoutCallback").GetBoolean());
    }

    [Fact]
    public async Task Does_not_tell_of_the_same_bytes_again_under_the_id_of_a_credential_that_nobody_used()
    {
        var key = RunningApp.NewKey();
        var put = await app.PresignAsync(new { key });
        await app.PutAsync(put, "again"u8.ToArray());
        await app.EventsOfAsync(put.GetProperty("id").GetString()!);
        var before = (await HeadAsync(key)).LastModified;

        // The uploader has missed the reply, and the second callback is lost.
        await RunningApp.EventuallyAsync(async () =>
        {
            await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From("again"u8.ToArray()));
            return (await HeadAsync(key)).LastModified > before ? "a second later" : null;
        });
        var unused = await SendDueAsync(key);
        Assert.Equal("Expired", (await app.RowAsync(unused)).GetString("State"));
        Assert.Empty(app.Events(unused));
    }

    [Fact]
    public async Task A_content_that_was_refused_to_one_credential_is_told_of_under_the_id_of_another()
    {
        var (key, id) = await StoreTwiceAsync();
        Assert.Single(await app.EventsOfAsync(id));
        var other = await SendDueAsync(key);
        Assert.Equal((await HeadAsync(key)).ETag.Trim('"'), Assert.Single(await app.EventsOfAsync(other)).GetProperty("data").GetProperty("etag").GetString());
    }

    [Fact]
    public async Task What_a_credential_stored_in_place_of_its_first_object_is_told_of_under_an_id_of_its_own()
    {
        var (key, id) = await StoreTwiceAsync();
        await SendDueAsync(key, id, mayReplace: true);
        var later = id + "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((await HeadAsync(key)).ETag.Trim('"'))))[..16];
        var happened = Assert.Single(await app.EventsOfAsync(later));
        Assert.Equal(later + ".verified", happened.GetProperty("id").GetString());
        Assert.True(happened.GetProperty("data").GetProperty("foundWithoutCallback").GetBoolean());
        Assert.Equal("verified", JsonDocument.Parse(await app.Http.GetStringAsync($"/api/uploads/{later}")).RootElement.GetProperty("state").GetString());

        // Whoever looks again finds it told.
        await SendDueAsync(key, id, mayReplace: true);
        Assert.Equal("Expired", (await app.RowAsync(await SendDueAsync(key))).GetString("State"));
        Assert.Single(app.Events(later));
        Assert.Single(app.Events(id));
    }

    /// <summary>Uses one credential for two contents: the callback of the second is refused.</summary>
    private async Task<(string Key, string Id)> StoreTwiceAsync()
    {
        var key = RunningApp.NewKey();
        var put = await app.PresignAsync(new { key, callback = "header" });
        Assert.Contains("\"verified\"", (await app.PutAsync(put, "first"u8.ToArray())).Body, StringComparison.Ordinal);
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From("second"u8.ToArray()));
        Assert.Equal(HttpStatusCode.Forbidden, await CallBackAsync(put, key, await HeadAsync(key)));
        return (key, put.GetProperty("id").GetString()!);
    }

    private async Task<ObjectHead> HeadAsync(string key) => (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!;

    /// <summary>Sends the entry of a credential for the key that was lent a minute ago and is over.</summary>
    private async Task<string> SendDueAsync(string key, string? id = null, bool mayReplace = false)
    {
        id ??= Guid.NewGuid().ToString("N");
        var (issued, expires) = (DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(-2));
        var queue = app.Queue("upload-ledger");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(JsonSerializer.Serialize(new { v = 1, id, profile = "default", subject = "", bucket = Stack.Bucket, key, issued, expires, mayReplace }));
        return id;
    }

    /// <summary>Makes the callback that OSS has not made, as it would have.</summary>
    private async Task<HttpStatusCode> CallBackAsync(JsonElement put, string key, ObjectHead head)
    {
        Assert.True(CallbackParameter.TryParse(put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        using var oss = RSA.Create();
        oss.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(app.Stack.Folder, "oss", "callback-private-key.pem")));
        var url = RunningApp.Raw(callback.Urls.Single());
        var body = JsonSerializer.SerializeToUtf8Bytes(new { bucket = Stack.Bucket, @object = key, etag = head.ETag.Trim('"'), size = head.Size });
        using var request = SignedCallback.Of(url, body, oss, app.Stack.Oss.CallbackKeyUrl);
        using var response = await app.Outside.SendAsync(request);
        return response.StatusCode;
    }
}
