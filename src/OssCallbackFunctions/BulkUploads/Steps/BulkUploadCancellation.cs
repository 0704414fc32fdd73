namespace OssCallbackFunctions.BulkUploads;

/// <summary>Gives up what a canceled job has under way, so that nothing of it is billed: so many multipart uploads at a time.</summary>
public sealed class BulkUploadCancellation(BulkUploadRecords records, UploadObjects objects, LostUploads lost, TimeProvider clock)
{
    private const int AtOnce = 100;

    internal async Task<UploadStep> CancelAsync(CancelTask task, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(task.JobId, cancellationToken) is not { State: BulkUploadState.Canceling } job || job.Epoch != task.Epoch)
        {
            return UploadStep.Done;
        }

        var uploading = await objects.IndexedAsync(job.Id, UploadObjectRows.Uploading(task.From), AtOnce, cancellationToken);
        foreach (var number in uploading)
        {
            await CancelAsync(job.Id, number, cancellationToken);
        }

        if (uploading.Count == AtOnce)
        {
            return new UploadStep.Continue(task with { From = uploading[^1] + 1, Attempt = 0 });
        }

        await records.UpdateAsync(
            job.Id,
            latest => latest.State != BulkUploadState.Canceling ? null
                : latest with { Counts = latest.Counts with { Canceled = latest.Counts.Objects - latest.Counts.Succeeded - latest.Counts.Skipped - latest.Counts.Failed } },
            cancellationToken);
        return UploadStep.Continue.With(new FinishTask(job.Id, job.Epoch));
    }

    private async Task CancelAsync(string jobId, long number, CancellationToken cancellationToken)
    {
        // First the row: whoever is at it sees that it is not his any more, and gives up what he has begun.
        await objects.UpdateAsync(
            jobId, number, latest => latest.IsFinal ? null : latest with { State = UploadObjectState.Canceled, EndedAt = clock.GetUtcNow() }, cancellationToken);
        if (await objects.FindAsync(jobId, number, cancellationToken) is { State: UploadObjectState.Canceled } found)
        {
            await lost.AbortAllAsync(found, cancellationToken);
        }
    }
}
