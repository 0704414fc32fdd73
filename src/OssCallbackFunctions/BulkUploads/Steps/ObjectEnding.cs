using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Ends an object that a slice or a completion is at: it is counted, and the driver of its page is called back.</summary>
public sealed class ObjectEnding(UploadObjects objects, UploadObjectCounting counting, UploadPages pages, OssClient oss, ObjectStoring storing, TimeProvider clock)
{
    /// <summary>Ends an object, unless it has ended.</summary>
    internal async Task<UploadStep> EndAsync(string jobId, long number, Func<UploadObject, UploadObject> end, CancellationToken cancellationToken)
    {
        var ended = await objects.UpdateAsync(jobId, number, latest => latest.IsFinal ? null : end(latest) with { EndedAt = clock.GetUtcNow() }, cancellationToken);
        return ended is null ? UploadStep.Done : await CountAsync(jobId, ended.Page, always: false, cancellationToken);
    }

    /// <summary>Gives an object up, and its multipart upload.</summary>
    internal async Task<UploadStep> FailAsync(string jobId, long number, BulkUploadError error, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(jobId, number, cancellationToken) is { IsFinal: false, UploadId: { } uploadId } found)
        {
            await oss.AbortMultipartUploadAsync(storing.Bucket, found.Key, uploadId, cancellationToken);
        }

        return await EndAsync(jobId, number, latest => latest.Fail(error), cancellationToken);
    }

    /// <summary>Gives up the objects of a page that were not begun; its lane goes on.</summary>
    internal async Task<UploadStep> FailPageAsync(PageTask task, BulkUploadError error, CancellationToken cancellationToken)
    {
        foreach (var found in await objects.OpenOfPageAsync(task.JobId, task.Page, cancellationToken))
        {
            await objects.UpdateAsync(
                task.JobId, found.Number, latest => latest.State != UploadObjectState.Pending ? null : latest.Fail(error) with { EndedAt = clock.GetUtcNow() }, cancellationToken);
        }

        return new UploadStep.Continue(task with { Attempt = 0 });
    }

    /// <summary>Counts what has ended of a page, and calls its driver back.</summary>
    internal async Task<UploadStep> CountAsync(string jobId, int page, bool always, CancellationToken cancellationToken)
    {
        await counting.CountPageAsync(jobId, page, cancellationToken);
        return await pages.WakeAsync(jobId, page, always, cancellationToken) is { } call ? new UploadStep.Continue(call) : UploadStep.Done;
    }
}
