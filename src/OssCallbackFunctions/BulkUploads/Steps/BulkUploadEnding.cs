using Microsoft.Extensions.Options;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Ends jobs: the report is written, the row says how it ended, and a message remembers to remove it.</summary>
public sealed class BulkUploadEnding(BulkUploadRecords records, UploadObjects objects, LostUploads lost, BulkUploadReport report, TimeProvider clock, IOptions<RetentionOptions> retention)
{
    internal async Task<UploadStep> FinishAsync(FinishTask task, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(task.JobId, cancellationToken) is not { } job || job.Epoch != task.Epoch || !(IsOver(job) || job.IsFinal))
        {
            return UploadStep.Done;
        }

        // Of a canceled job each upload was looked at when it was given up.
        if (job.State is BulkUploadState.Running or BulkUploadState.Failed)
        {
            await lost.SweepAsync(job.Id, cancellationToken);
        }

        if (!job.IsFinal)
        {
            var written = job.Job.IsSingle ? null : await report.WriteAsync(job, task, cancellationToken);
            if (written?.Next is { } next)
            {
                return new UploadStep.Continue(next);
            }

            var error = await ErrorAsync(job, cancellationToken);
            await records.UpdateAsync(
                job.Id,
                latest => latest.Epoch != task.Epoch || !IsOver(latest) ? null
                    : latest with
                    {
                        State = latest.State == BulkUploadState.Canceling ? BulkUploadState.Canceled : error is null ? BulkUploadState.Succeeded : BulkUploadState.Failed,
                        Error = error, Report = written?.Name ?? latest.Report, EndedAt = clock.GetUtcNow(),
                    },
                cancellationToken);
        }

        return Forget(job);
    }

    /// <summary>Fails a job as a whole, unless it has ended; what it has under way is given up.</summary>
    internal async Task<UploadStep> FailAsync(string jobId, BulkUploadError error, CancellationToken cancellationToken)
    {
        var failed = await records.UpdateAsync(
            jobId, latest => latest.IsFinal ? null : latest with { State = BulkUploadState.Failed, Error = error, EndedAt = clock.GetUtcNow() }, cancellationToken);
        // Forgotten also when what is under way cannot be given up.
        return failed is null ? UploadStep.Done : new UploadStep.Continue([new FinishTask(failed.Id, failed.Epoch), .. Forget(failed).Tasks]);
    }

    // The message is due again and again until the time has come: it may be longer than a queue hides one.
    private UploadStep.Continue Forget(BulkUploadRecord job)
    {
        var due = clock.GetUtcNow() + retention.Value.Records;
        return new UploadStep.Continue(new ForgetTask(job.Id, job.Epoch, due), QueueDelay.Until(due, clock.GetUtcNow()));
    }

    private static bool IsOver(BulkUploadRecord job) => job.State == BulkUploadState.Canceling || (job.State == BulkUploadState.Running && job.IsCounted);

    private async Task<BulkUploadError?> ErrorAsync(BulkUploadRecord job, CancellationToken cancellationToken) =>
        job.State == BulkUploadState.Canceling ? new BulkUploadError("canceled", "The job was canceled.")
        : job.Counts.Failed == 0 ? null
        : job.Job.IsSingle ? (await objects.FindAsync(job.Id, 0, cancellationToken))?.Error
        : new BulkUploadError("objects_failed", $"{job.Counts.Failed} of {job.Counts.Objects} objects failed: see the report, or objects?state=failed.");
}
