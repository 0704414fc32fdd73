using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Makes an object of its parts, with the callback, and compares checksums. Safe to repeat, also after a lost reply.</summary>
public sealed class ObjectCompletion(
    BulkUploadRecords records, UploadObjects objects, UploadSources sources, SourceChecksums checksums, OssClient oss, ObjectStoring storing, ObjectEnding ending, UploadLanes lanes,
    NewId newId)
{
    /// <summary>
    /// Completes an object, once: the first message to come claims it, others are dropped. Should the claimant's worker die, its own message comes again and goes on.
    /// </summary>
    internal async Task<UploadStep> CompleteAsync(CompletionTask task, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(task.JobId, cancellationToken) is not { } job || !job.IsRunning(task.Epoch))
        {
            return UploadStep.Done;
        }

        var found = await objects.UpdateAsync(
            task.JobId, task.Number,
            latest => latest.IsFinal || latest.Beginning != task.Beginning || latest.UploadId is null || (latest.State == UploadObjectState.Completing && task.IsTaken(latest.Claim)) ? null
                : latest with { State = UploadObjectState.Completing, Claim = task.Claim },
            cancellationToken);
        if (found is not null)
        {
            return await CompleteAsync(job, found, cancellationToken);
        }

        // Ended by this message, perhaps, before its worker died: then others may wait to hear of it.
        return await objects.FindAsync(task.JobId, task.Number, cancellationToken) is { IsFinal: true } ended && ended.Claim == task.Claim
            ? await ending.CountAsync(task.JobId, ended.Page, always: true, cancellationToken)
            : UploadStep.Done;
    }

    private async Task<UploadStep> CompleteAsync(BulkUploadRecord job, UploadObject found, CancellationToken cancellationToken)
    {
        try
        {
            var parts = await UploadParts.ListValidAsync(oss, storing.Bucket, found, cancellationToken);
            if (parts.Count < found.Plan.PartCount)
            {
                await objects.UpdateAsync(found.JobId, found.Number, latest => latest.IsFinal ? null : latest with { State = UploadObjectState.Uploading, Claim = null }, cancellationToken);
                return new UploadStep.Continue([.. SliceTask.All(found, job.Epoch, lanes.Parts(job), found.Claim!, newId)]);
            }

            var source = sources.Find(found.Entry.Source);
            var expected = Expected(found, source, parts.Values);
            await checksums.VerifyAsync(found, source, cancellationToken);

            // Before the object is made: the upload is gone afterwards, and with it the parts' checksums.
            await objects.UpdateAsync(found.JobId, found.Number, latest => latest.IsFinal ? null : latest with { Crc64 = expected }, cancellationToken);
            var stored = await oss.CompleteMultipartUploadAsync(
                storing.Bucket, found.Key, found.UploadId!, parts.Values, new ObjectProperties { ForbidOverwrite = job.Job.ForbidOverwrite }, storing.Callback(job, found),
                cancellationToken);
            return expected is { } sent && stored.Crc64 is { } actual && sent != actual
                ? throw new BulkUploadException("checksum_mismatch", $"OSS made an object with CRC64 {actual} from parts that combine to {sent}.")
                : await SucceedAsync(job, found, stored, cancellationToken);
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            return await ReconcileAsync(job, found, cancellationToken);
        }
    }

    /// <summary>What the parts combine to, which must be what the job and the source say.</summary>
    private static ulong? Expected(UploadObject found, IUploadSource source, IEnumerable<UploadedPart> parts)
    {
        var combined = parts.Aggregate((ulong?)0, (crc, part) => crc is { } soFar && part.Crc64 is { } next ? Crc64.Combine(soFar, next, part.Size) : null);
        foreach (var said in (ulong?[])[found.Entry.Crc64Value, source is OssUploadSource ? found.Facts!.Crc64 : null])
        {
            if (said is { } must && combined is { } got && must != got)
            {
                throw new BulkUploadException("checksum_mismatch", $"The parts combine to CRC64 {got}; it should be {must}.");
            }
        }

        return combined ?? found.Entry.Crc64Value ?? found.Facts!.Crc64;
    }

    /// <summary>The upload is gone: either its completion took effect and the reply was lost, or somebody gave it up.</summary>
    private async Task<UploadStep> ReconcileAsync(BulkUploadRecord job, UploadObject found, CancellationToken cancellationToken)
    {
        var latest = await objects.FindAsync(found.JobId, found.Number, cancellationToken) ?? found;
        if (latest.IsFinal)
        {
            return UploadStep.Done;
        }

        var head = await oss.HeadObjectAsync(storing.Bucket, found.Key, cancellationToken);
        if (head is not null && latest.Crc64 is { } expected && head.Crc64 == expected && head.Size == found.Facts!.Size)
        {
            return await SucceedAsync(job, latest, new StoredObject(head.ETag, head.Crc64, null, null), cancellationToken);
        }

        throw latest.Error is { } why ? new BulkUploadException(why.Code, why.Message)
            : new BulkUploadException("upload_lost", "The multipart upload is gone, and the object is not the one it was to make: it was aborted by somebody else.");
    }

    private async Task<UploadStep> SucceedAsync(BulkUploadRecord job, UploadObject found, StoredObject stored, CancellationToken cancellationToken)
    {
        var ended = await storing.SucceedAsync(job, found, stored, cancellationToken);
        return await ending.EndAsync(
            found.JobId, found.Number,
            // Whoever has the callback's answer knows more than whoever found the object made.
            latest => latest with { State = ended.State, ETag = ended.ETag, Crc64 = ended.Crc64 ?? latest.Crc64, Callback = ended.Callback, Error = null }, cancellationToken);
    }
}
