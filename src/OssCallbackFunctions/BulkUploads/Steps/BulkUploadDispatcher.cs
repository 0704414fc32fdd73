using System.Globalization;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Sends the messages that carry a job: for the multipart uploads that are under way, when it is resumed, and for its lanes of pages.</summary>
public sealed class BulkUploadDispatcher(BulkUploadRecords records, UploadObjects objects, UploadLanes lanes, NewId newId)
{
    // Each sends messages of its own.
    private const int UploadsAtOnce = 32;

    internal async Task<UploadStep> DispatchAsync(DispatchTask task, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(task.JobId, cancellationToken) is not { } job || !job.IsRunning(task.Epoch))
        {
            return UploadStep.Done;
        }

        if (!job.IsExpanded)
        {
            return new UploadStep.Continue(new ExpandTask(job.Id, job.Epoch));
        }

        var uploading = await objects.IndexedAsync(job.Id, UploadObjectRows.Uploading(task.From), UploadsAtOnce, cancellationToken);
        var tasks = new List<BulkUploadTask>();
        foreach (var number in uploading)
        {
            if (await objects.FindAsync(job.Id, number, cancellationToken) is { State: UploadObjectState.Uploading or UploadObjectState.Completing } found)
            {
                // The same ones when this message comes again: then it is known which of them are repeats.
                tasks.AddRange(SliceTask.All(found, job.Epoch, lanes.Parts(job), job.Epoch.ToString(CultureInfo.InvariantCulture), newId));
            }
        }

        if (uploading.Count == UploadsAtOnce)
        {
            return new UploadStep.Continue([.. tasks, task with { From = uploading[^1] + 1 }]);
        }

        var stride = lanes.Pages(job);
        tasks.AddRange(Enumerable.Range(0, stride).Select(page => new PageTask(job.Id, job.Epoch, page, stride, newId())));
        return new UploadStep.Continue(stride == 0 ? [.. tasks, new FinishTask(job.Id, job.Epoch)] : tasks);
    }
}
