using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Takes jobs, and changes what they do.</summary>
public sealed class BulkUploadDesk(BulkUploadRecords records, BulkUploadQueues queues, UploadSources sources, BulkUploadView view, TimeProvider clock, NewId newId)
{
    /// <summary>Accepts a job: its row first, so that it can be asked for at once, then its message.</summary>
    internal async Task<Outcome<BulkUploadStatus>> AcceptAsync(BulkUploadJob job, string traceParent, CancellationToken cancellationToken)
    {
        if ((job.Refuse() ?? RefuseSource(job)) is { } problem)
        {
            return problem;
        }

        var id = job.Id ?? newId();
        var wanted = job.Kept(id);
        var record = await records.AddAsync(id, wanted, traceParent, cancellationToken);
        if (!record.Job.IsSame(wanted))
        {
            return Problem.JobExists.With("Take another id, or leave it out.");
        }

        await queues.SendAsync(wanted, null, cancellationToken);
        return await view.OfAsync(record, cancellationToken);
    }

    /// <summary>Stops a job until it is resumed: each part that is being sent is sent, and no more.</summary>
    internal Task<Outcome<BulkUploadStatus>> PauseAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        job => job.State switch
        {
            BulkUploadState.Paused => job,
            BulkUploadState.Running => job with { State = BulkUploadState.Paused, RanBefore = job.RanBefore + (clock.GetUtcNow() - (job.ResumedAt ?? job.StartedAt!.Value)) },
            _ => null,
        },
        _ => null, cancellationToken);

    /// <summary>Has a paused job go on where it was.</summary>
    internal Task<Outcome<BulkUploadStatus>> ResumeAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        job => job.State switch
        {
            BulkUploadState.Running => job,
            BulkUploadState.Paused => job with { State = BulkUploadState.Running, Epoch = job.Epoch + 1, ResumedAt = clock.GetUtcNow() },
            _ => null,
        },
        job => new DispatchTask(job.Id, job.Epoch), cancellationToken);

    /// <summary>Gives a job up.</summary>
    internal Task<Outcome<BulkUploadStatus>> CancelAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        job => job.State is BulkUploadState.Canceling or BulkUploadState.Canceled ? job : job.IsFinal ? null : job with { State = BulkUploadState.Canceling },
        job => job.IsFinal ? null : new CancelTask(job.Id, job.Epoch), cancellationToken);

    /// <summary>Has the objects that failed tried again, once the job has ended.</summary>
    internal Task<Outcome<BulkUploadStatus>> RetryAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        job => job is { State: BulkUploadState.Failed, Counts.Failed: > 0, IsExpanded: true }
            ? job with { State = BulkUploadState.Running, Epoch = job.Epoch + 1, EndedAt = null, Error = null, ResumedAt = clock.GetUtcNow() }
            : null,
        job => new ReopenTask(job.Id, job.Epoch), cancellationToken);

    /// <summary>Changes priority, bandwidth and objects in flight.</summary>
    internal async Task<Outcome<BulkUploadStatus>> ChangeAsync(string id, BulkUploadChange change, CancellationToken cancellationToken) =>
        BulkUploadJob.RefuseControls(change.ObjectsInFlight is 0 ? null : change.ObjectsInFlight, change.Bandwidth is 0 ? null : change.Bandwidth) is { } problem ? problem
        : await ChangeAsync(
            id,
            job => job.IsFinal ? null
                // Another number of lanes: they begin anew.
                : job with { Controls = With(job.Controls, change), Epoch = job.State == BulkUploadState.Running && change.ObjectsInFlight is not null ? job.Epoch + 1 : job.Epoch },
            job => job.State == BulkUploadState.Running && change.ObjectsInFlight is not null ? new DispatchTask(job.Id, job.Epoch) : null,
            cancellationToken);

    private static BulkUploadControls With(BulkUploadControls controls, BulkUploadChange change) => new(
        change.Priority ?? controls.Priority,
        change.ObjectsInFlight is { } objects ? (objects == 0 ? null : objects) : controls.ObjectsInFlight,
        change.Bandwidth is { } bandwidth ? (bandwidth == 0 ? null : bandwidth) : controls.Bandwidth);

    /// <param name="id">Id of the job.</param>
    /// <param name="change">The job changed, or as it is when that is what is wanted; null: it cannot be.</param>
    /// <param name="follow">The message that carries it out; also when the job was so already, since a worker may have died in between.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<Outcome<BulkUploadStatus>> ChangeAsync(
        string id, Func<BulkUploadRecord, BulkUploadRecord?> change, Func<BulkUploadRecord, BulkUploadTask?> follow, CancellationToken cancellationToken)
    {
        if (!BulkUploadJob.IsId(id) || await records.FindAsync(id, cancellationToken) is not { } found)
        {
            return Problem.JobNotFound;
        }

        if (await records.UpdateAsync(id, change, cancellationToken) is not { } changed)
        {
            return Problem.JobState.With($"The job is {found.State}.");
        }

        if (follow(changed) is { } task)
        {
            await queues.SendAsync(task, null, cancellationToken);
        }

        return await view.OfAsync(changed, cancellationToken);
    }

    private Problem? RefuseSource(BulkUploadJob job)
    {
        try
        {
            if ((job.Source ?? job.Manifest?.Source) is { } source)
            {
                sources.Find(source);
            }
            else
            {
                sources.FindLister(job.Prefix!);
            }

            return null;
        }
        catch (SourceException e)
        {
            return Problem.InvalidJob.With(e.Message);
        }
    }
}
