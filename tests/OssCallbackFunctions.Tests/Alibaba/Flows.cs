using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Oss.Emulator.Faults;
using Oss.Protocol;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Alibaba;

/// <summary>What the app is for, one way after the other. Each says whether it went as it should.</summary>
internal sealed class Flows(GuardedApp app)
{
    public const string Put = "presigned PUT";
    public const string Form = "form";
    public const string Multipart = "multipart upload by a session";
    public const string GivenUp = "multipart upload given up";
    public const string Lent = "temporary key";
    public const string LentMultipart = "multipart upload with a temporary key";
    public const string LentGivenUp = "multipart upload with a temporary key, given up";
    public const string BulkFile = "bulk upload of a file";
    public const string BulkTags = "bulk upload with tags";
    public const string BulkAnew = "bulk upload that is begun anew";
    public const string BulkCopy = "bulk upload of an object of OSS";
    public const string BulkFolder = "bulk upload of a folder of OSS";

    private const int Part = 102_400;

    private static readonly UploadBody Body = UploadBody.From("hello"u8.ToArray());

    /// <summary>Those that lend.</summary>
    public static readonly string[] Lending = [Put, Form, Multipart, GivenUp, Lent, LentMultipart, LentGivenUp];

    /// <summary>All of them.</summary>
    public static readonly string[] All = [.. Lending, BulkFile, BulkTags, BulkAnew, BulkCopy, BulkFolder];

    public Task<bool> WorksAsync(string flow) => flow switch
    {
        Put => PutAsync(),
        Form => FormAsync(),
        Multipart => MultipartAsync(complete: true),
        GivenUp => MultipartAsync(complete: false),
        Lent => LentAsync(async (client, key) => await client.PutObjectAsync(Stack.Bucket, key, Body)),
        LentMultipart => LentAsync(async (client, key) => Assert.Empty(await client.ListPartsAsync(Stack.Bucket, key, await client.InitiateMultipartUploadAsync(Stack.Bucket, key)).ToListAsync())),
        LentGivenUp => LentAsync(async (client, key) => await client.AbortMultipartUploadAsync(Stack.Bucket, key, await client.InitiateMultipartUploadAsync(Stack.Bucket, key))),
        BulkFile => BulkAsync(new { source = new { file = File(3 * Part) }, key = NewKey() }),
        BulkTags => BulkAsync(new { source = new { file = File(10) }, key = NewKey(), tags = new { a = "b" } }),
        BulkAnew => BulkAnewAsync(),
        BulkCopy => BulkAsync(new { source = new { oss = $"oss://{GuardedApp.SourceBucket}/from/a.bin" }, key = NewKey() }),
        _ => BulkAsync(new { prefix = new { oss = $"oss://{GuardedApp.SourceBucket}/from/" }, destination = NewKey() + "/" }),
    };

    private static string NewKey() => "jobs/" + RunningApp.NewKey();

    private async Task<bool> PutAsync()
    {
        var put = await app.PresignAsync(new { profile = "pictures", subject = "u", fileName = "a.png", contentType = "image/png", size = 5 });
        var (status, body) = await app.PutAsync(put, "hello"u8.ToArray());
        return status == HttpStatusCode.OK && body.Contains("\"verified\"", StringComparison.Ordinal);
    }

    private async Task<bool> FormAsync()
    {
        var (status, body) = await app.SendFormAsync(await app.FormAsync(new { }), "hello"u8.ToArray());
        return status == HttpStatusCode.OK && body.Contains("\"verified\"", StringComparison.Ordinal);
    }

    private async Task<bool> MultipartAsync(bool complete)
    {
        var (answer, client) = await SessionClient.OpenAsync(app, new { kind = "multipart", size = 5 });
        var lent = answer.GetProperty("multipart");
        var (key, uploadId) = (lent.GetProperty("key").GetString()!, lent.GetProperty("uploadId").GetString()!);
        if (!complete)
        {
            return (await client.SendAsync(HttpMethod.Delete, SessionClient.Path(uploadId, key))).Status == HttpStatusCode.OK;
        }

        var etag = await client.SendAsync(lent.GetProperty("parts")[0].GetProperty("url").GetString()!, "hello"u8.ToArray());
        return (await client.SendAsync(HttpMethod.Get, SessionClient.Path(uploadId, key))).Status == HttpStatusCode.OK
            && (await client.SendAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, etag)))).Status == HttpStatusCode.OK;
    }

    private async Task<bool> LentAsync(Func<OssClient, string, Task> use)
    {
        using var reply = await app.Http.PostAsJsonAsync("/api/uploads", new { kind = "sts", profile = "lent", subject = "u" });
        if (!reply.IsSuccessStatusCode)
        {
            return false;
        }

        var lent = (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sts");
        var key = new AccessKey(lent.GetProperty("accessKeyId").GetString()!, lent.GetProperty("accessKeySecret").GetString()!, lent.GetProperty("securityToken").GetString());
        try
        {
            await use(new OssClient(app.Outside, OssEndpoint.Parse(app.Stack.Oss.Endpoint), new V4Signer(key, Stack.Region), TimeProvider.System, OssRetry.None), lent.GetProperty("key").GetString()!);
            return true;
        }
        catch (OssException)
        {
            return false;
        }
    }

    private async Task<bool> BulkAsync(object job)
    {
        var begun = await app.Client.PostAsync("/api/bulk-uploads", job, default);
        return (await app.EndOfJobAsync(begun.GetProperty("id").GetString()!)).GetProperty("state").GetString() == "Succeeded";
    }

    // OSS fails at the first attempt, so that the next one looks for what that may have begun.
    private async Task<bool> BulkAnewAsync()
    {
        var key = NewKey();
        var fault = app.Stack.Oss.Faults.Add(new Fault("InitiateMultipartUpload") { KeyPrefix = key, Effect = ErrorEffect.Of(OssErrorCode.InternalError) });
        var begun = await app.Client.PostAsync("/api/bulk-uploads", new { source = new { file = File(3 * Part) }, key }, default);
        var id = begun.GetProperty("id").GetString()!;
        await RunningApp.EventuallyAsync<object>(async () => await app.Client.FindJobAsync(id, default) is { } job && job.TryGetProperty("attempts", out var attempts) && attempts.GetInt32() > 0 ? job : null);
        app.Stack.Oss.Faults.Remove(fault.Id);
        return (await app.EndOfJobAsync(id)).GetProperty("state").GetString() == "Succeeded";
    }

    private string File(int length)
    {
        var name = $"{Guid.NewGuid():N}.bin";
        System.IO.File.WriteAllBytes(Path.Combine(app.Stack.SourceFolder, name), RandomNumberGenerator.GetBytes(length));
        return name;
    }
}
