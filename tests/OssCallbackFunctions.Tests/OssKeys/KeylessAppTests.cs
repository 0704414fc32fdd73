using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Web;
using Oss.Emulator;
using Oss.Emulator.Faults;
using Oss.Protocol;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.OssKeys;

public sealed class KeylessAppTests(KeylessApp app) : IClassFixture<KeylessApp>
{
    private static readonly byte[] Part = new byte[102_400];

    [Fact]
    public async Task An_upload_is_verified_and_told_by_identities_alone()
    {
        var key = RunningApp.NewKey();
        var put = await app.PresignAsync(new { key, contentType = "text/plain" });
        var (status, body) = await app.PutAsync(put, "hello"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"verified\"", body, StringComparison.Ordinal);

        var id = put.GetProperty("id").GetString()!;
        Assert.Equal(key, Assert.Single(await app.EventsOfAsync(id)).GetProperty("subject").GetString());
        Assert.Equal("Verified", (await app.RowAsync(id)).GetString("State"));
        Assert.All(Requests(key), request => Assert.StartsWith("STS.", request.AccessKeyId, StringComparison.Ordinal));
        Assert.Contains(Requests(key), request => request.Operation == "HeadObject");
        Assert.Contains((KeylessApp.Audience, KeylessApp.OssIdentity), app.Identity.Asked);
        Assert.Contains(("https://storage.azure.com", KeylessApp.StorageIdentity), app.Identity.Asked);
        Assert.Equal(2, app.Identity.Asked.Distinct().Count());
    }

    [Fact]
    public async Task A_bulk_upload_goes_on_when_its_key_ends_in_the_middle()
    {
        var (name, bytes) = ($"{Guid.NewGuid():N}.bin", RandomNumberGenerator.GetBytes((Part.Length * 60) + 7));
        await File.WriteAllBytesAsync(Path.Combine(app.Stack.SourceFolder, name), bytes);
        var key = RunningApp.NewKey();
        app.Stack.Oss.Faults.Add(new Fault("UploadPart") { KeyPrefix = key, Effect = new DelayEffect { Duration = TimeSpan.FromMilliseconds(400) } });
        var job = await app.Client.PostAsync("/api/bulk-uploads", new { source = new { file = name }, key }, default);
        foreach (var keys in (int[])[1, 2, 3])
        {
            await RunningApp.EventuallyAsync(() => Task.FromResult(KeysOfParts() >= keys ? "" : null));
            if (keys < 3)
            {
                app.Stack.Oss.EndTemporaryKeys();
            }
        }

        var done = await app.EndOfJobAsync(job.GetProperty("id").GetString()!);
        Assert.True(done.GetProperty("state").GetString() == "Succeeded", done.ToString());
        Assert.Equal(Crc64.ToText(Crc64.Compute(bytes)), done.GetProperty("crc64").GetString());
        Assert.Contains(app.Stack.Oss.Requests, request => request is { Status: 403, ErrorCode: "SecurityTokenExpired" });
        await app.EventsOfAsync(job.GetProperty("id").GetString()!);

        int KeysOfParts() => Requests(key).Where(request => request is { Operation: "UploadPart", Status: 200 }).Select(request => request.AccessKeyId).Distinct().Count();
    }

    [Fact]
    public async Task Blobs_are_read_by_the_identity_that_the_storage_account_is_used_with()
    {
        var (name, bytes) = ($"{Guid.NewGuid():N}/a b+%中.bin", RandomNumberGenerator.GetBytes((Part.Length * 3) + 7));
        await app.Container(Stack.BlobContainer).CreateIfNotExistsAsync();
        await app.Container(Stack.BlobContainer).GetBlobClient(name).UploadAsync(BinaryData.FromBytes(bytes));
        var key = RunningApp.NewKey();
        var job = await app.Client.PostAsync("/api/bulk-uploads", new { source = new { blob = $"{Stack.IdentityContainer}/{name}" }, key }, default);
        var done = await app.EndOfJobAsync(job.GetProperty("id").GetString()!);
        Assert.True(done.GetProperty("state").GetString() == "Succeeded", done.ToString());
        Assert.Equal(Crc64.Compute(bytes), (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!.Crc64);
    }

    [Fact]
    public async Task A_multipart_upload_outlives_the_key_that_it_was_begun_with()
    {
        var (answer, client) = await SessionClient.OpenAsync(
            app, new { kind = "multipart", profile = "files", subject = "u", fileName = "a.bin", contentType = "application/x-test", size = 20_000_000 });
        var lent = answer.GetProperty("multipart");
        var (key, uploadId) = (lent.GetProperty("key").GetString()!, lent.GetProperty("uploadId").GetString()!);
        var old = lent.GetProperty("parts").EnumerateArray().Select(part => (Number: part.GetProperty("partNumber").GetInt32(), Size: part.GetProperty("size").GetInt32(), Url: part.GetProperty("url").GetString()!)).ToList();
        var etags = new List<(int, string)> { (1, await client.SendAsync(old[0].Url, new byte[old[0].Size])) };

        await app.EndKeyAsync();
        using var refused = await app.Outside.PutAsync(RunningApp.Raw(old[1].Url), new ByteArrayContent(new byte[old[1].Size]));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        Assert.Equal(1, (await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key))).GetArrayLength());
        foreach (var (number, size, _) in old.Skip(1))
        {
            var signed = await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, $"/{number}"));
            Assert.InRange(signed.GetProperty("expires").GetInt32(), 1, 900);
            etags.Add((number, await client.SendAsync(signed.GetProperty("url").GetString()!, new byte[size])));
        }

        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts(etags));
        await app.EventsOfAsync(answer.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task What_is_lent_says_when_its_key_ends()
    {
        // Uploads may begin within seven days, and keys live for 15 minutes.
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        var query = HttpUtility.ParseQueryString(new Uri(put.GetProperty("url").GetString()!).Query);
        var signed = DateTimeOffset.ParseExact(query["x-oss-date"]!, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var seconds = int.Parse(query["x-oss-expires"]!, CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 1, 900);
        Assert.Equal(signed.AddSeconds(seconds), put.GetProperty("expires").GetDateTimeOffset());

        var form = await app.FormAsync(new { key = RunningApp.NewKey() });
        using var policy = JsonDocument.Parse(Convert.FromBase64String(form.GetProperty("fields").GetProperty("policy").GetString()!));
        var expires = form.GetProperty("expires").GetDateTimeOffset();
        Assert.InRange(expires, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(15));
        Assert.InRange(policy.RootElement.GetProperty("expiration").GetDateTimeOffset(), expires.AddSeconds(-1), expires);
    }

    [Fact]
    public async Task Temporary_keys_are_lent_with_a_temporary_key_and_with_the_next_when_that_has_ended()
    {
        foreach (var _ in (int[])[1, 2])
        {
            var asked = await RunningApp.EventuallyAsync(async () =>
            {
                using var reply = await app.Http.PostAsJsonAsync("/api/uploads", new { kind = "sts", profile = "files", subject = "u", fileName = "a.bin" });
                return reply.IsSuccessStatusCode ? await reply.Content.ReadAsStringAsync() : null;
            });
            using var answer = JsonDocument.Parse(asked);
            var lent = answer.RootElement.GetProperty("sts");
            var key = new AccessKey(lent.GetProperty("accessKeyId").GetString()!, lent.GetProperty("accessKeySecret").GetString()!, lent.GetProperty("securityToken").GetString());
            var client = new OssClient(app.Outside, OssEndpoint.Parse(app.Stack.Oss.Endpoint), new V4Signer(key, Stack.Region), TimeProvider.System, OssRetry.None);
            await client.PutObjectAsync(Stack.Bucket, lent.GetProperty("key").GetString()!, UploadBody.From("hello"u8.ToArray()));
            app.Stack.Oss.EndTemporaryKeys();
        }

        await app.EndKeyAsync();
    }

    [Fact]
    public async Task The_log_says_which_identity_signs_and_has_no_token_in_it()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        var line = await RunningApp.EventuallyAsync(async () => (await app.LogAsync()).Split('\n').FirstOrDefault(line => line.Contains("OSS requests are signed by ManagedIdentity", StringComparison.Ordinal)));
        Assert.Contains(KeylessApp.Role, line, StringComparison.Ordinal);
        Assert.DoesNotContain("STS.", line, StringComparison.Ordinal);

        var (log, token) = (await app.LogAsync(), HttpUtility.ParseQueryString(new Uri(put.GetProperty("url").GetString()!).Query)["x-oss-security-token"]!);
        Assert.DoesNotContain(token, log, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Identity.Secret, log, StringComparison.Ordinal);
        Assert.NotEmpty(app.Identity.Tokens);
        Assert.All(app.Identity.Tokens, one => Assert.DoesNotContain(one, log, StringComparison.Ordinal));
    }

    private List<RecordedRequest> Requests(string key) => [.. app.Stack.Oss.Requests.Where(request => request.Key == key)];
}
