using System.Text.Json;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>What is common to all ways of storing an object: its callback, and what became of it.</summary>
public sealed class ObjectStoring(CallbackAddress callbacks, UploadLedger ledger, TimeProvider clock, IOptions<OssOptions> ossOptions)
{
    private const string Profile = "bulk-upload";
    private static readonly TimeSpan CallbackLifetime = TimeSpan.FromHours(1);

    internal string Bucket { get; } = ossOptions.Value.Bucket;

    /// <summary>The callback to attach; null: the job wants none.</summary>
    internal CallbackParameter? Callback(BulkUploadRecord job, UploadObject found) => job.Job.Callback == false ? null : callbacks.For(Grant(job, found), Bucket, found.Key);

    /// <summary>The object as it ended well.</summary>
    internal async Task<UploadObject> SucceedAsync(BulkUploadRecord job, UploadObject found, StoredObject stored, CancellationToken cancellationToken)
    {
        if (job.Job.Callback != false)
        {
            await SeeThatItIsToldAsync(job, found, stored, cancellationToken);
        }

        return found with
        {
            State = UploadObjectState.Succeeded, ETag = stored.ETag, Crc64 = stored.Crc64 ?? found.Crc64, Callback = job.Job.Callback == false ? null : Describe(stored), Error = null,
        };
    }

    private async Task SeeThatItIsToldAsync(BulkUploadRecord job, UploadObject found, StoredObject stored, CancellationToken cancellationToken)
    {
        var grant = Grant(job, found);
        await ledger.ArmAsync(LedgerEntry.Lent(grant, Bucket, found.Key, job.StartedAt ?? job.CreatedAt), cancellationToken);
        if (stored.CallbackReply is null)
        {
            // We know what OSS could not tell us: no need to wait until the grant is over.
            var claimed = new ClaimedObject(stored.ETag.Trim('"'), found.Facts!.Size, stored.Crc64, found.UploadId is null ? "PutObject" : "CompleteMultipartUpload", null);
            await ledger.PendAsync(LedgerEntry.Pending(grant, Bucket, found.Key, claimed), cancellationToken);
        }
    }

    private UploadGrant Grant(BulkUploadRecord job, UploadObject found) => new(found.UploadIdToTell(job.Job), Profile, "", clock.GetUtcNow() + CallbackLifetime)
    {
        TraceParent = AppTrace.Current ?? BulkTrace.ParentOf(job, found.Number),
    };

    private static string Describe(StoredObject stored)
    {
        if (stored.CallbackError is { } error)
        {
            return $"failed: {error.Message}";
        }

        if (stored.CallbackReply is not { } reply)
        {
            return "unknown: the reply was lost";
        }

        try
        {
            using var json = JsonDocument.Parse(reply);
            return json.RootElement.TryGetProperty("state", out var state) ? state.ToString() : "answered";
        }
        catch (JsonException)
        {
            return "answered";
        }
    }
}
