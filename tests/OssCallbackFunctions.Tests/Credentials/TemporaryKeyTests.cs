using System.Net;
using System.Text.Json;
using Oss.Protocol;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Credentials;

/// <summary>Temporary keys: what a client that signs by itself can do with them, and what not.</summary>
public sealed class TemporaryKeyTests(RunningApp app)
{
    private const string Path = "/api/uploads";
    private static readonly UploadBody Body = UploadBody.From("hello"u8.ToArray());

    [Fact]
    public async Task A_key_for_one_object_uploads_it_with_its_callback_and_nothing_else()
    {
        var (answer, _) = await SessionClient.OpenAsync(app, new { kind = "sts", profile = "files", subject = "u", fileName = "a b+中.bin", contentType = "text/plain" });
        var lent = answer.GetProperty("sts");
        var key = lent.GetProperty("key").GetString()!;
        Assert.Equal(
            ["accessKeyId", "accessKeySecret", "bucket", "callback", "endpoint", "expires", "headers", "id", "key", "region", "securityToken"],
            lent.EnumerateObject().Select(member => member.Name).Order());
        Assert.DoesNotContain(app.Stack.AccessKey.Secret, answer.ToString(), StringComparison.Ordinal);
        Assert.InRange(lent.GetProperty("expires").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(14), DateTimeOffset.UtcNow.AddMinutes(16));
        var client = Client(lent);
        await DeniedAsync(() => client.PutObjectAsync(Stack.Bucket, key + "x", Body));
        await DeniedAsync(() => client.PutObjectAsync(Stack.Bucket, "files/other", Body));
        await DeniedAsync(() => client.HeadObjectAsync(Stack.Bucket, key));
        foreach (var acl in (string[])["public-read", "public-read-write", "private"])
        {
            await DeniedAsync(() => client.PutObjectAsync(Stack.Bucket, key, Body, new ObjectProperties { Acl = acl }));
            await DeniedAsync(() => client.InitiateMultipartUploadAsync(Stack.Bucket, key, new ObjectProperties { Acl = acl }));
        }

        await DeniedAsync(() => client.DeleteObjectAsync(Stack.Bucket, key));

        Assert.True(CallbackParameter.TryParse(lent.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        var named = lent.GetProperty("callback");
        Assert.Equal((callback.Urls[0], callback.Body), (named.GetProperty("url").GetString(), named.GetProperty("body").GetString()));
        Assert.Equal("true", lent.GetProperty("headers").GetProperty("x-oss-forbid-overwrite").GetString());
        var stored = await client.PutObjectAsync(Stack.Bucket, key, Body, new ObjectProperties { ContentType = "text/plain", ForbidOverwrite = true }, callback);
        Assert.Contains("\"verified\"", stored.CallbackReply, StringComparison.Ordinal);
        var told = Assert.Single(await app.EventsOfAsync(answer.GetProperty("id").GetString()!));
        Assert.Equal(key, told.GetProperty("subject").GetString());
    }

    [Fact]
    [Trait("hole", "s9")]
    public async Task Its_holder_can_replace_his_own_upload_of_which_one_event_tells()
    {
        var (mine, strangers) = (await FileAsync(), await FileAsync());
        var key = mine.GetProperty("key").GetString()!;
        Assert.True(CallbackParameter.TryParse(mine.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        Assert.NotNull((await Client(mine).PutObjectAsync(Stack.Bucket, key, Body, null, callback)).CallbackReply);
        Assert.Equal("FileAlreadyExists", (await Assert.ThrowsAsync<OssException>(() => Client(mine).PutObjectAsync(Stack.Bucket, key, Body, new ObjectProperties { ForbidOverwrite = true }))).Error.Code);
        await Client(mine).PutObjectAsync(Stack.Bucket, key, UploadBody.From("another"u8.ToArray()));
        Assert.Equal(7, (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!.Size);
        Assert.Equal(5, Assert.Single(await app.EventsOfAsync(mine.GetProperty("id").GetString()!)).GetProperty("data").GetProperty("size").GetInt32());
        await DeniedAsync(() => Client(strangers).PutObjectAsync(Stack.Bucket, key, Body));
    }

    [Fact]
    [Trait("hole", "s3")]
    public async Task An_object_that_its_holder_stored_without_the_callback_is_found_and_told_of()
    {
        var lent = await FileAsync();
        var (id, key) = (lent.GetProperty("id").GetString()!, lent.GetProperty("key").GetString()!);
        Assert.Null((await Client(lent).PutObjectAsync(Stack.Bucket, key, Body)).CallbackReply);
        // What was left in the ledger with it, as it comes due: keys live for a quarter of an hour at least.
        var entry = new { v = 1, id, profile = "files", subject = "u", bucket = Stack.Bucket, key, issued = DateTimeOffset.UtcNow.AddMinutes(-1), expires = DateTimeOffset.UtcNow.AddSeconds(-1) };
        await app.Queue("upload-ledger").SendMessageAsync(JsonSerializer.Serialize(entry));
        var data = Assert.Single(await app.EventsOfAsync(id)).GetProperty("data");
        Assert.Equal((key, "u", true), (data.GetProperty("key").GetString(), data.GetProperty("subject").GetString(), data.GetProperty("foundWithoutCallback").GetBoolean()));
    }

    [Fact]
    public async Task A_key_for_a_prefix_is_the_same_for_a_subject_and_not_for_another()
    {
        var (first, second, other) = (await FolderAsync("a/../b"), await FolderAsync("a/../b"), await FolderAsync("a"));
        Assert.Equal("folders/a%2F..%2Fb/", first.GetProperty("prefix").GetString());
        Assert.Equal(first.GetProperty("accessKeyId").GetString(), second.GetProperty("accessKeyId").GetString());
        Assert.NotEqual(first.GetProperty("accessKeyId").GetString(), other.GetProperty("accessKeyId").GetString());
        Assert.False(first.TryGetProperty("callback", out _));
        Assert.False(first.TryGetProperty("headers", out _));
        await Client(first).PutObjectAsync(Stack.Bucket, "folders/a%2F..%2Fb/" + Guid.NewGuid().ToString("N"), Body);
        await DeniedAsync(() => Client(first).PutObjectAsync(Stack.Bucket, "folders/a/x", Body));
        await DeniedAsync(() => Client(other).PutObjectAsync(Stack.Bucket, "folders/a%2F..%2Fb/x", Body));
        await DeniedAsync(() => Client(other).PutObjectAsync(Stack.Bucket, "folders/ab", Body));
    }

    [Fact]
    public async Task Refuses_profiles_and_subjects_that_no_key_can_be_lent_for()
    {
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_kind"), await app.RefusalAsync(Path, new { kind = "sts", profile = "photos", subject = "u", fileName = "a.png", contentType = "image/png" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_kind"), await app.RefusalAsync(Path, new { kind = "sts", key = "k" }));
        // Percent-encoded in the key, so that the wildcard is none.
        var lent = await FolderAsync("*");
        Assert.Equal("folders/%2A/", lent.GetProperty("prefix").GetString());
    }

    private async Task<JsonElement> FolderAsync(string subject) =>
        (await SessionClient.OpenAsync(app, new { kind = "sts", profile = "folders", subject, fileName = "a.bin" })).Answer.GetProperty("sts");

    private async Task<JsonElement> FileAsync() =>
        (await SessionClient.OpenAsync(app, new { kind = "sts", profile = "files", subject = "u", fileName = "a.bin" })).Answer.GetProperty("sts");

    private OssClient Client(JsonElement lent)
    {
        var key = new AccessKey(lent.GetProperty("accessKeyId").GetString()!, lent.GetProperty("accessKeySecret").GetString()!, lent.GetProperty("securityToken").GetString());
        return new OssClient(app.Outside, OssEndpoint.Parse(lent.GetProperty("endpoint").GetString()!), new V4Signer(key, lent.GetProperty("region").GetString()!), TimeProvider.System, OssRetry.None);
    }

    private static async Task DeniedAsync(Func<Task> act)
    {
        var error = (await Assert.ThrowsAsync<OssException>(act)).Error;
        Assert.Equal(403, error.HttpStatus);
    }
}
