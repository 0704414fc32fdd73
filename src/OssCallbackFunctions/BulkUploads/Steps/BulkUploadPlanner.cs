using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>First step of a job: its row, and the row of its one object, or the beginning of its expansion. A repeat begins again what may not have been begun.</summary>
public sealed class BulkUploadPlanner(BulkUploadRecords records, UploadObjects objects, TimeProvider clock)
{
    internal async Task<UploadStep> PlanAsync(string id, BulkUploadJob job, CancellationToken cancellationToken)
    {
        var record = await records.AddAsync(id, job, AppTrace.Current ?? TraceParent.New(), cancellationToken);
        using var activity = BulkTrace.StartPlan(record);
        if (!record.Job.IsSame(job.Kept(id)))
        {
            return new UploadStep.Refused(Problem.JobExists.With("The id belongs to another upload."));
        }

        var started = record.State != BulkUploadState.NotStarted ? record
            : await records.UpdateAsync(
                id,
                latest => latest.State != BulkUploadState.NotStarted ? null : latest with { State = BulkUploadState.Running, StartedAt = clock.GetUtcNow() },
                cancellationToken);

        // When it was started before, by a message whose worker died, what follows may not have been sent.
        return started is not { State: BulkUploadState.Running, Epoch: 1 } ? UploadStep.Done
            : started.IsExpanded ? UploadStep.Continue.With(new DispatchTask(id, started.Epoch))
            : !job.IsSingle ? new UploadStep.Continue(new ExpandTask(id, started.Epoch))
            : await AddObjectAsync(started, cancellationToken);
    }

    private async Task<UploadStep> AddObjectAsync(BulkUploadRecord record, CancellationToken cancellationToken)
    {
        var only = new UploadObject { JobId = record.Id, Number = 0, Entry = record.Job.Entry() };
        await objects.AddAsync([only], cancellationToken);
        await records.UpdateAsync(
            record.Id,
            latest => latest.IsExpanded ? null : latest with { IsExpanded = true, Counts = new BulkUploadCounts(Objects: 1, Bytes: only.Entry.Size ?? 0) },
            cancellationToken);
        return UploadStep.Continue.With(new DispatchTask(record.Id, record.Epoch));
    }
}
