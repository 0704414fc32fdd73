using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Sends the parts of a slice that OSS does not have yet; whoever sees that none is missing asks for the completion.</summary>
public sealed class SliceTransfer(
    BulkUploadRecords records, UploadObjects objects, SliceClaims claims, UploadSources sources, OssClient oss, ObjectStoring storing, BulkUploadWatch watch, UploadLanes lanes, UploadThrottle throttle,
    BulkUploadMetrics metrics, TimeProvider clock, NewId newId, IOptions<BulkUploadOptions> options)
{
    // The note that the upload was begun follows its messages.
    private const int MaxTooSoon = 30;
    private static readonly TimeSpan TooSoon = TimeSpan.FromSeconds(1);

    internal async Task<UploadStep> TransferAsync(SliceTask task, CancellationToken cancellationToken)
    {
        var job = await records.FindAsync(task.JobId, cancellationToken);
        var found = await objects.FindAsync(task.JobId, task.Number, cancellationToken);
        if (job is null || found is null || !job.IsRunning(task.Epoch) || found.Beginning != task.Beginning)
        {
            return UploadStep.Done;
        }

        if (found.IsFinal)
        {
            // By this message, perhaps, before its worker died: then others may wait to hear of it.
            return found.Claim == CompletionTask.ClaimOf(task) ? Completion(task) : UploadStep.Done;
        }

        if (found.UploadId is null)
        {
            return task.Attempt < MaxTooSoon ? new UploadStep.Continue(task with { Attempt = task.Attempt + 1 }, TooSoon) : UploadStep.Done;
        }

        if (!await claims.TryClaimAsync(task, cancellationToken))
        {
            return UploadStep.Done;
        }

        try
        {
            var missing = Missing(task, await UploadParts.ListValidAsync(oss, storing.Bucket, found, task.First, task.Last, cancellationToken));
            var left = missing.Count > 0 ? await SendAsync(job, found, missing, task.Epoch, cancellationToken) : null;
            if (missing.Count > 0 && left != missing[0])
            {
                // A large object's parts may take hours, in which no row but OSS's list tells of them.
                await records.TouchAsync(job, cancellationToken);
            }

            if (left is { } unsent)
            {
                // Out of time: the next message sends what is left.
                return new UploadStep.Continue(task.Rest(unsent, newId()));
            }

            // Those of the other slices too: whoever comes last sees all.
            var present = await UploadParts.ListValidAsync(oss, storing.Bucket, found, cancellationToken);
            return present.Count == found.Plan.PartCount ? Completion(task)
                : Missing(task, present) is [var first, ..] ? new UploadStep.Continue(task.Rest(first, newId()))
                : UploadStep.Done;
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            // Completed by others while a copy of this message was at work, or lost: the completion finds out which.
            return Completion(task);
        }
    }

    /// <returns>The first part that was not sent, for want of time or because the job does not run any more; null: all were.</returns>
    private async Task<int?> SendAsync(BulkUploadRecord job, UploadObject found, List<int> numbers, int epoch, CancellationToken cancellationToken)
    {
        var unsent = new ConcurrentBag<int>();
        var source = sources.Find(found.Entry.Source);
        var started = clock.GetTimestamp();
        await Parallel.ForEachAsync(
            numbers,
            new ParallelOptions { MaxDegreeOfParallelism = lanes.PartsOfSlice(job), CancellationToken = cancellationToken },
            async (number, token) =>
            {
                // The first part is always sent, so that every message gets somewhere.
                if ((number == numbers[0] || clock.GetElapsedTime(started) < options.Value.SliceBudget)
                    && await watch.LookAsync(job.Id, token) is { } latest && latest.IsRunning(epoch))
                {
                    await SendPartAsync(latest, found, source, found.Plan.Part(number), token);
                    metrics.CountPart(source is OssUploadSource);
                }
                else
                {
                    unsent.Add(number);
                }
            });
        return unsent.IsEmpty ? null : unsent.Min();
    }

    private Task<UploadedPart> SendPartAsync(BulkUploadRecord job, UploadObject found, IUploadSource source, PartRange part, CancellationToken cancellationToken) =>
        source is OssUploadSource copied ? CopyPartAsync(found, copied, part, cancellationToken)
            : oss.UploadPartAsync(storing.Bucket, found.Key, found.UploadId!, part.Number, throttle.Limit(job, source.Open(part, found.Facts!)), throttle.TrafficLimit(job), cancellationToken);

    private async Task<UploadedPart> CopyPartAsync(UploadObject found, OssUploadSource source, PartRange part, CancellationToken cancellationToken)
    {
        try
        {
            return await oss.UploadPartCopyAsync(
                storing.Bucket, found.Key, found.UploadId!, part.Number, new CopySource(source.Bucket, source.Key, found.Facts!.Version), (part.Offset, part.Length), cancellationToken);
        }
        catch (OssException e) when (e.Is(OssErrorCode.PreconditionFailed) || e.Is(OssErrorCode.NoSuchKey))
        {
            throw new SourceException("source_changed", "The object was changed or removed while it was being copied.");
        }
    }

    private static UploadStep.Continue Completion(SliceTask task) => UploadStep.Continue.With(new CompletionTask(task.JobId, task.Epoch, task.Number, task.Beginning, CompletionTask.ClaimOf(task)));

    private static List<int> Missing(SliceTask task, IReadOnlyDictionary<int, UploadedPart> present) =>
        [.. Enumerable.Range(task.First, task.Last - task.First + 1).Where(number => !present.ContainsKey(number))];
}
