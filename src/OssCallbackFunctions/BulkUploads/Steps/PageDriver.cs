using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Drives the objects of a page: stores the small ones, begins the multipart uploads of the large ones, a few at a time, and goes on to the next page of its lane when each has ended.
/// </summary>
public sealed class PageDriver(
    BulkUploadRecords records, UploadObjectCounting counting, UploadPages pages, ObjectCarrier carrier, BulkUploadWatch watch, UploadLanes lanes, TimeProvider clock,
    IOptions<BulkUploadOptions> options)
{
    /// <param name="task">The lane, and the page it is at.</param>
    /// <param name="send">Sends a message at once: a multipart upload does not wait for the page's other objects.</param>
    /// <param name="cancellationToken">The host wants the message back: it comes again.</param>
    internal async Task<UploadStep> DriveAsync(PageTask task, Func<BulkUploadTask, Task> send, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var page = task.Page; ; page += task.Stride)
        {
            if (await records.FindAsync(task.JobId, cancellationToken) is not { } job || !job.IsRunning(task.Epoch))
            {
                return UploadStep.Done;
            }

            if (page >= UploadPage.Count(job.Counts.Objects))
            {
                return job.IsCounted ? UploadStep.Continue.With(new FinishTask(job.Id, job.Epoch)) : UploadStep.Done;
            }

            if (!await pages.TryClaimAsync(task, page, cancellationToken))
            {
                return UploadStep.Done;
            }

            if (await DrivePageAsync(task with { Page = page, Attempt = 0 }, started, send, cancellationToken) is { } step)
            {
                return step;
            }
        }
    }

    /// <returns>Null when each object of the page has ended.</returns>
    private async Task<UploadStep?> DrivePageAsync(PageTask task, long started, Func<BulkUploadTask, Task> send, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (job, open) = await counting.CountPageAsync(task.JobId, task.Page, cancellationToken);
            if (open.Count == 0 || job is null || !job.IsRunning(task.Epoch))
            {
                return open.Count == 0 ? null : UploadStep.Done;
            }

            var slots = lanes.ObjectsOfPage(job, task.Stride) - open.Count(found => found.State != UploadObjectState.Pending);
            var pending = open.Where(found => found.State == UploadObjectState.Pending).ToList();
            var now = clock.GetUtcNow();
            var due = pending.Where(found => found.NotBefore is not { } time || time <= now).ToList();
            if (slots > 0 && due.Count > 0)
            {
                if (clock.GetElapsedTime(started) >= options.Value.SliceBudget)
                {
                    return new UploadStep.Continue(task);
                }

                if (await CarryAsync(job, task, due, slots, started, send, cancellationToken) == open.Count)
                {
                    return null;
                }
            }
            else if (slots > 0 && pending.Count > 0)
            {
                return new UploadStep.Continue(task, Later(pending.Min(found => found.NotBefore!.Value) - now));
            }
            else
            {
                // One that ended before it was known that we wait calls nobody: then we go on.
                await pages.WaitAsync(task, task.Page, cancellationToken);
                var (_, still) = await counting.CountPageAsync(task.JobId, task.Page, cancellationToken);
                if (still.Count == open.Count || await pages.WakeAsync(task.JobId, task.Page, always: false, cancellationToken) is null)
                {
                    return UploadStep.Done;
                }
            }
        }
    }

    /// <returns>How many have ended and are counted.</returns>
    private async Task<int> CarryAsync(
        BulkUploadRecord job, PageTask task, List<UploadObject> due, int slots, long started, Func<BulkUploadTask, Task> send, CancellationToken cancellationToken)
    {
        var queue = new ConcurrentQueue<UploadObject>(due);
        using var ended = new EndedObjects(job.Id, counting, clock);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(slots, due.Count)).Select(_ => CarrySomeAsync()));
        }
        finally
        {
            // Also when the host wants the message back: what is stored need not be stored again.
            await ended.SaveAsync();
        }

        return ended.Counted;

        async Task CarrySomeAsync()
        {
            // The first is always begun, so that every message gets somewhere.
            while (queue.TryDequeue(out var next)
                && (next == due[0] || clock.GetElapsedTime(started) < options.Value.SliceBudget)
                && await watch.LookAsync(job.Id, cancellationToken) is { } latest && latest.IsRunning(task.Epoch))
            {
                // How many there are the watch may not have seen yet.
                var carried = await carrier.CarryAsync(latest with { Counts = job.Counts, IsExpanded = job.IsExpanded }, next, send, cancellationToken);
                if (carried.Ended is { } one)
                {
                    await ended.AddAsync(one);
                }
                else if (carried.IsUnderWay)
                {
                    // A multipart upload has this slot until it ends.
                    return;
                }
            }
        }
    }

    private static TimeSpan Later(TimeSpan pause) => pause < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : pause;
}
