using System.Text.Json;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Last step: makes the object of its parts, with the callback, and compares checksums. Safe to repeat, also after a lost reply.</summary>
public sealed class BulkUploadCompletion(
    BulkUploadRecords records, UploadSources sources, OssClient oss, CallbackAddress callbacks, UploadLedger ledger, TimeProvider clock, IOptions<BulkUploadOptions> options,
    IOptions<OssOptions> ossOptions)
{
    private const string Profile = "bulk-upload";
    private static readonly TimeSpan CallbackLifetime = TimeSpan.FromHours(1);

    private readonly string _bucket = ossOptions.Value.Bucket;

    /// <summary>
    /// Completes a job, once: the first message to come claims it, others are dropped. Should the claimant's worker die, its own message comes again and goes on.
    /// </summary>
    internal async Task<UploadStep> CompleteAsync(UploadCompletion message, CancellationToken cancellationToken)
    {
        var record = await records.UpdateAsync(
            message.JobId,
            latest => latest.IsFinal || latest.Source is null || (latest.State == BulkUploadState.Completing && latest.Claim != message.Claim) ? null
                : latest with { State = BulkUploadState.Completing, Claim = message.Claim },
            cancellationToken);
        return record is null ? UploadStep.Done
            : record.UploadId is null ? await PutAsync(record, cancellationToken)
            : await CompleteAsync(record, cancellationToken);
    }

    private async Task<UploadStep> PutAsync(BulkUploadRecord record, CancellationToken cancellationToken)
    {
        var body = sources.Find(record.Job.Source!).Open(record.Plan.Part(1), record.Source!);
        var properties = new ObjectProperties { ContentType = record.Job.ContentType, ForbidOverwrite = record.Job.ForbidOverwrite };
        try
        {
            return await SucceedAsync(record, await oss.PutObjectAsync(_bucket, record.Job.Key!, body, properties, Callback(record), cancellationToken), cancellationToken);
        }
        catch (OssException e) when (e.Is(OssErrorCode.FileAlreadyExists) && record.Job.ForbidOverwrite)
        {
            // Taken by somebody else, or by an attempt of ours whose reply was lost.
            var head = await oss.HeadObjectAsync(_bucket, record.Job.Key!, cancellationToken);
            return head is not null && head.LastModified >= record.CreatedAt.AddSeconds(-1) && head.Size == body.Length && head.Crc64 == await body.ComputeCrc64Async(cancellationToken)
                ? await SucceedAsync(record, new StoredObject(head.ETag, head.Crc64, null, null), cancellationToken)
                : UploadStep.Fail(e.Error.Code, e.Error.Message);
        }
    }

    private async Task<UploadStep> CompleteAsync(BulkUploadRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var parts = await UploadParts.ListValidAsync(oss, _bucket, record, cancellationToken);
            if (parts.Count < record.Plan.PartCount)
            {
                await records.UpdateAsync(record.Id, latest => latest.IsFinal ? null : latest with { State = BulkUploadState.Running }, cancellationToken);
                return new UploadStep.Continue(UploadSlice.All(record.Id, record.Plan, options.Value.PartsPerSlice));
            }

            // Before the object is made: the upload is gone afterwards, and with it the parts' checksums.
            var expected = parts.Values.Aggregate((ulong?)0, (crc, part) => crc is { } soFar && part.Crc64 is { } next ? Crc64.Combine(soFar, next, part.Size) : null);
            await records.UpdateAsync(record.Id, latest => latest.IsFinal ? null : latest with { Crc64 = expected }, cancellationToken);
            var stored = await oss.CompleteMultipartUploadAsync(
                _bucket, record.Job.Key!, record.UploadId!, parts.Values, new ObjectProperties { ForbidOverwrite = record.Job.ForbidOverwrite }, Callback(record), cancellationToken);
            return expected is { } sent && stored.Crc64 is { } actual && sent != actual
                ? UploadStep.Fail("checksum_mismatch", $"OSS made an object with CRC64 {actual} from parts that combine to {sent}.")
                : await SucceedAsync(record, stored, cancellationToken);
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            return await ReconcileAsync(record, cancellationToken);
        }
    }

    /// <summary>The upload is gone: either its completion took effect and the reply was lost, or somebody gave it up.</summary>
    private async Task<UploadStep> ReconcileAsync(BulkUploadRecord record, CancellationToken cancellationToken)
    {
        var latest = await records.FindAsync(record.Id, cancellationToken) ?? record;
        if (latest.IsFinal)
        {
            return UploadStep.Done;
        }

        var head = await oss.HeadObjectAsync(_bucket, record.Job.Key!, cancellationToken);
        return head is not null && latest.Crc64 is { } expected && head.Crc64 == expected && head.Size == record.Source!.Size
            ? await SucceedAsync(latest, new StoredObject(head.ETag, head.Crc64, null, null), cancellationToken)
            : UploadStep.Fail("upload_lost", "The multipart upload is gone, and the object is not the one it was to make: it was aborted by somebody else.");
    }

    private async Task<UploadStep> SucceedAsync(BulkUploadRecord record, StoredObject stored, CancellationToken cancellationToken)
    {
        // Should OSS's callback be lost, the object is told of by the ledger.
        await ledger.ArmAsync(LedgerEntry.Lent(Grant(record), _bucket, record.Job.Key!, record.CreatedAt), cancellationToken);
        // Whoever has the callback's answer knows more than whoever found the object made.
        await records.UpdateAsync(
            record.Id,
            latest => latest.State == BulkUploadState.Succeeded && stored.CallbackReply is null ? null
                : latest with { State = BulkUploadState.Succeeded, ETag = stored.ETag, Crc64 = stored.Crc64 ?? latest.Crc64, Callback = Describe(stored), Error = null },
            cancellationToken);
        return UploadStep.Done;
    }

    private CallbackParameter Callback(BulkUploadRecord record) => callbacks.For(Grant(record), _bucket, record.Job.Key!);

    private UploadGrant Grant(BulkUploadRecord record) => new(record.Id, Profile, "", clock.GetUtcNow() + CallbackLifetime);

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
