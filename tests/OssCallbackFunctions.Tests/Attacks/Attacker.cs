using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>
/// Somebody who reads all that an uploader can read, and is a customer of OSS's himself: OSS calls, and signs, whatever callback he attaches to an upload to his own bucket.
/// </summary>
internal sealed class Attacker(RunningApp app)
{
    /// <summary>His own bucket: the emulator's key signs for it as OSS's key signs for everybody.</summary>
    public const string OwnBucket = "another-tenants-bucket";

    /// <summary>What the callbacks of this app say.</summary>
    public const string Template =
        """{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},"mimeType":${mimeType},"crc64":${crc64},"operation":${operation},"requestId":${reqId}}""";

    /// <summary>A credential whose callback he can read.</summary>
    public async Task<Loot> LendAsync(string name = "file.bin")
    {
        var key = RunningApp.NewKey(name);
        return Loot.Of(await app.PresignAsync(new { key, callback = "header" }));
    }

    /// <summary>Stores an object in our bucket, with nobody being told.</summary>
    public Task<StoredObject> StoreAsync(string key, string content) => app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(Encoding.UTF8.GetBytes(content)));

    /// <summary>Uploads to his own bucket, and has OSS call a URL with a body of his choice.</summary>
    public async Task<StoredObject> HaveOssCallAsync(string url, string body, CallbackBodyType type = CallbackBodyType.Json)
    {
        var made = new V4Signer(app.Stack.AccessKey, Stack.Region).Presign(
            new OssRequest("PUT", OwnBucket, null), OssEndpoint.Parse(app.Stack.Oss.Endpoint), DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        using var response = await app.Outside.PutAsync(RunningApp.Raw(made.Url), null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await app.Oss.PutObjectAsync(OwnBucket, RunningApp.NewKey(), UploadBody.From("bait"u8.ToArray()), null, new CallbackParameter { Urls = [url], Body = body, BodyType = type });
    }

    /// <summary>Calls as OSS does, with its genuine signature over this URL and body, but for what the test changes.</summary>
    public async Task<Answer> CallAsync(string url, byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using var oss = RSA.Create();
        oss.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(app.Stack.Folder, "oss", "callback-private-key.pem")));
        using var request = SignedCallback.Of(RunningApp.Raw(url), body, oss, app.Stack.Oss.CallbackKeyUrl, new Uri(url).PathAndQuery);
        change?.Invoke(request);
        return await SendAsync(request);
    }

    public Task<Answer> CallAsync(string url, string body, Action<HttpRequestMessage>? change = null) => CallAsync(url, Encoding.UTF8.GetBytes(body), change);

    /// <summary>Sends anything; the answer has none of the app's secrets, and no word of how it is made.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await app.Outside.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        foreach (var secret in (string[])[app.Stack.AccessKey.Secret, app.Stack.FunctionKey, app.GrantsSecret, "Exception", "   at ", "System.", "OssCallbackFunctions."])
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        var code = response.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonDocument.Parse(text).RootElement.GetProperty("code").GetString() : null;
        return new Answer(response.StatusCode, code, text);
    }

    /// <summary>Sees that OSS refuses a lent PUT as it was changed, and that it works as it was lent.</summary>
    public async Task PutIsRefusedAsync(Loot lent, Action<HttpRequestMessage> change, params HttpStatusCode[] also)
    {
        await PutIsRefusedAsync(lent.Put, lent.Key, change, also);
        await PutWorksAsync(lent.Put);
    }

    /// <summary>Sees that OSS refuses a lent PUT as it was changed, before it stores anything.</summary>
    public async Task PutIsRefusedAsync(JsonElement put, string key, Action<HttpRequestMessage> change, params HttpStatusCode[] also)
    {
        var (status, _) = await app.PutAsync(put, [1], change);
        Assert.Contains(status, also.Append(HttpStatusCode.Forbidden));
        Assert.Null(await app.Oss.HeadObjectAsync(Stack.Bucket, key));
        Assert.Empty(app.Events(put.GetProperty("id").GetString()!));
    }

    public async Task PutWorksAsync(JsonElement put)
    {
        var (status, body) = await app.PutAsync(put, [1]);
        Assert.Equal(HttpStatusCode.OK, status);
        IsVerified(body);
    }

    /// <summary>Sees that nobody was told of an object, nor will be. Only of use after an answer that refuses: then nothing is under way.</summary>
    public async Task NobodyIsToldOfAsync(string key, string? id = null)
    {
        // The queue is read in order: what was sent before this event has come before it.
        var honest = await LendAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(honest.Put, [1])).Status);
        await app.EventsOfAsync(honest.Id);
        Assert.DoesNotContain(app.AllEvents, told => told.GetProperty("subject").GetString() == key || told.GetProperty("data").GetProperty("uploadId").GetString() == id);
        var table = app.Table("uploads");
        Assert.NotNull(await app.RowAsync(honest.Id));
        Assert.Empty(await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"Key eq {key} and State eq 'Verified'")).ToListAsync());
        Assert.False(id is not null && (await table.GetEntityIfExistsAsync<TableEntity>(id, "upload")).HasValue);
    }

    /// <summary>Sees that OSS was refused, as the uploader reads it.</summary>
    public static void IsRefused(StoredObject stored)
    {
        Assert.Null(stored.CallbackReply);
        Assert.Contains("Error status : 403.", stored.CallbackError?.Message, StringComparison.Ordinal);
    }

    /// <summary>Sees that the app refused, and told the caller no reason.</summary>
    public static void IsRefused(Answer answer)
    {
        Assert.Equal((HttpStatusCode.Forbidden, "callback_refused"), (answer.Status, answer.Code));
        Assert.DoesNotContain("detail", answer.Text, StringComparison.Ordinal);
    }

    public static void IsVerified(string? reply) => Assert.Contains("\"state\":\"verified\"", reply, StringComparison.Ordinal);

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>What OSS's own callback says of an object in our bucket.</summary>
    public static string HonestBody(string key, StoredObject stored, long size) => JsonSerializer.Serialize(
        new { bucket = Stack.Bucket, @object = key, etag = stored.ETag.Trim('"'), size, crc64 = Crc64.ToText(stored.Crc64!.Value), operation = "PutObject" });
}

/// <summary>An answer; without a code it is no problem.</summary>
internal sealed record Answer(HttpStatusCode Status, string? Code, string Text);

/// <summary>A credential, and what its holder can read in it.</summary>
internal sealed record Loot(string Id, string Key, JsonElement Put, CallbackParameter Callback)
{
    /// <summary>The URL with the grant in its path.</summary>
    public string Url => Callback.Urls.Single();

    public static Loot Of(JsonElement put)
    {
        Assert.True(CallbackParameter.TryParse(put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        return new Loot(put.GetProperty("id").GetString()!, put.GetProperty("key").GetString()!, put, callback);
    }
}
