using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Makes rows of a manifest's lines, or of what is below a prefix, so many at a time: nothing is read whole, and a message knows where the next goes on. When it comes again after a crash,
/// the rows that are there say how far it came; what is listed may have changed meanwhile.
/// </summary>
public sealed class BulkUploadExpander(
    BulkUploadRecords records, UploadObjects objects, UploadEntries entries, TimeProvider clock, IOptions<BulkUploadOptions> options)
{
    // A step ends after so many pages also when there is time: so that the job's row says how far it is.
    private const int PagesOfStep = 100;

    internal async Task<UploadStep> ExpandAsync(ExpandTask task, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(task.JobId, cancellationToken) is not { } job || !job.IsRunning(task.Epoch))
        {
            return UploadStep.Done;
        }

        if (job.IsExpanded)
        {
            // By this message, perhaps, before its worker died: then nobody else knows what comes next.
            return Dispatch(job);
        }

        // The manifest stays the one that it was.
        var pinned = task.Version is null ? await entries.PinAsync(job.Job, cancellationToken) : new SourceFacts(task.Size!.Value, task.Version);
        var at = await ResumeAsync(task with { Size = pinned?.Size, Version = pinned?.Version }, cancellationToken);
        var (started, pages, isDone) = (clock.GetTimestamp(), 0, true);
        var page = new List<UploadObject>();
        await foreach (var found in entries.ReadAsync(job, pinned, at.Cursor, cancellationToken))
        {
            page.Add(found with { Number = at.Number + page.Count });
            if (page.Count < UploadPage.Size)
            {
                continue;
            }

            at = await SaveAsync(at, page, cancellationToken);
            if (++pages == PagesOfStep || clock.GetElapsedTime(started) >= options.Value.SliceBudget)
            {
                isDone = false;
                break;
            }
        }

        at = await SaveAsync(at, page, cancellationToken);
        await records.UpdateAsync(
            job.Id,
            latest => latest.IsExpanded || !latest.IsRunning(task.Epoch) ? null
                : latest with { IsExpanded = isDone, Counts = latest.Counts with { Objects = at.Number, Bytes = at.Bytes }, Error = null },
            cancellationToken);
        return isDone ? Dispatch(job) : new UploadStep.Continue(at with { Attempt = 0 });
    }

    private static UploadStep.Continue Dispatch(BulkUploadRecord job) => UploadStep.Continue.With(new DispatchTask(job.Id, job.Epoch));

    /// <summary>Goes on behind the rows that are there: this message came before, or the job was paused.</summary>
    private async Task<ExpandTask> ResumeAsync(ExpandTask task, CancellationToken cancellationToken)
    {
        var at = task;
        if (await objects.FindAsync(task.JobId, task.Number, cancellationToken) is not null)
        {
            await foreach (var known in objects.ListAsync(task.JobId, task.Number, UploadObjectRows.End, cancellationToken))
            {
                at = at with { Number = known.Number + 1, Bytes = at.Bytes + (known.Entry.Size ?? 0), Cursor = known.Cursor };
            }
        }

        return at;
    }

    private async Task<ExpandTask> SaveAsync(ExpandTask at, List<UploadObject> page, CancellationToken cancellationToken)
    {
        if (page.Count == 0)
        {
            return at;
        }

        await objects.AddAsync(page, cancellationToken);
        var next = at with { Number = at.Number + page.Count, Bytes = at.Bytes + page.Sum(found => found.Entry.Size ?? 0), Cursor = page[^1].Cursor };
        page.Clear();
        return next;
    }
}
