using Azure;
using Azure.Data.Tables;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Counts objects that have ended: their rows and the job's in one transaction, so that each is counted exactly once, however often it is tried.</summary>
public sealed class UploadObjectCounting(UploadObjects objects, BulkUploadRecords records, TimeProvider clock, Jitter jitter, BulkUploadMetrics metrics)
{
    // Each may take three operations, and the job one, of the 100 of a transaction.
    private const int AtOnce = 32;
    private const int MaxAttempts = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Counts what has ended of a page.</summary>
    /// <returns>The job, and the objects of the page that have not ended.</returns>
    internal async Task<(BulkUploadRecord? Job, List<UploadObject> Open)> CountPageAsync(string jobId, int page, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var open = await objects.OpenOfPageAsync(jobId, page, cancellationToken);
            var job = await records.FindAsync(jobId, cancellationToken);
            var ended = open.Where(found => found.IsFinal).Take(AtOnce).ToList();
            if (job is not { State: BulkUploadState.Running or BulkUploadState.Paused } || ended.Count == 0)
            {
                return (job, open);
            }

            if (await TryCountAsync(job, ended, cancellationToken) == Submitted.Done)
            {
                attempt = 0;
            }
            else
            {
                await PauseAsync(attempt, cancellationToken);
            }
        }
    }

    /// <summary>Saves objects as they ended, and counts them with it. One that somebody else has changed meanwhile stays as it is, and then the others are left to be counted with their page.</summary>
    /// <returns>Whether all are saved and counted.</returns>
    internal async Task<bool> EndAsync(string jobId, IReadOnlyList<UploadObject> ended, CancellationToken cancellationToken)
    {
        var areCounted = true;
        foreach (var some in ended.Chunk(AtOnce))
        {
            var submitted = Submitted.NotTheJob;
            for (var attempt = 1; await records.FindAsync(jobId, cancellationToken) is { State: BulkUploadState.Running or BulkUploadState.Paused } job; attempt++)
            {
                submitted = await TryCountAsync(job, some, cancellationToken);
                if (submitted != Submitted.NotTheJob)
                {
                    break;
                }

                await PauseAsync(attempt, cancellationToken);
            }

            if (submitted != Submitted.Done)
            {
                areCounted = false;
                foreach (var found in some)
                {
                    await objects.TrySaveAsync(found, cancellationToken);
                }
            }
        }

        return areCounted;
    }

    private Task PauseAsync(int attempt, CancellationToken cancellationToken) =>
        attempt < MaxAttempts ? Task.Delay(Pause * (attempt * jitter()), clock, cancellationToken) : throw new TimeoutException("Others changed the job's row again and again.");

    /// <summary>Takes failed objects out of the counts, so that they are tried again.</summary>
    internal async Task<bool> TryReopenAsync(BulkUploadRecord job, IReadOnlyList<UploadObject> failed, CancellationToken cancellationToken)
    {
        var changes = failed.SelectMany(found => (TableTransactionAction[])
        [
            Replace((found.Anew() with { Round = found.Round + 1 }).ToEntity(), found.Version),
            new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(found.JobId, UploadObjectRows.Failed(found.Number)) { ETag = ETag.All }, ETag.All),
        ]);
        return await TrySubmitAsync(job, failed, -1, changes, cancellationToken) == Submitted.Done;
    }

    private async Task<Submitted> TryCountAsync(BulkUploadRecord job, IReadOnlyList<UploadObject> ended, CancellationToken cancellationToken)
    {
        var changes = new List<TableTransactionAction>();
        foreach (var found in ended)
        {
            changes.Add(Replace((found with { IsCounted = true }).ToEntity(), found.Version));
            if (found.State == UploadObjectState.Failed)
            {
                changes.Add(new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(found.JobId, UploadObjectRows.Failed(found.Number))));
            }

            // Else it stays in the index, for what may be open of it to be looked for when the job ends.
            if (found.HasOneUpload)
            {
                changes.Add(new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(found.JobId, UploadObjectRows.Uploading(found.Number)), ETag.All));
            }
        }

        var submitted = await TrySubmitAsync(job, ended, 1, changes, cancellationToken);
        if (submitted == Submitted.Done)
        {
            metrics.Count(job.Job, ended);
        }

        return submitted;
    }

    private async Task<Submitted> TrySubmitAsync(
        BulkUploadRecord job, IReadOnlyList<UploadObject> counted, int sign, IEnumerable<TableTransactionAction> changes, CancellationToken cancellationToken)
    {
        var record = job with { Counts = counted.Aggregate(job.Counts, (counts, found) => counts.With(found, sign)), UpdatedAt = clock.GetUtcNow() };
        try
        {
            await (await objects.TableAsync()).SubmitTransactionAsync([Replace(record.ToEntity(), job.Version), .. changes], cancellationToken);
            return Submitted.Done;
        }
        catch (TableTransactionFailedException e) when (e.Status is 412 or 404)
        {
            // One of the rows was changed, or counted, in between: the job's is the first.
            return e.FailedTransactionActionIndex == 0 ? Submitted.NotTheJob : Submitted.NotTheObjects;
        }
    }

    private static TableTransactionAction Replace(TableEntity row, ETag version) => new(TableTransactionActionType.UpdateReplace, row, version);

    private enum Submitted
    {
        Done,
        NotTheJob,
        NotTheObjects,
    }
}
