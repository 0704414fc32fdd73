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
    /// <param name="jobId">Id of the job.</param>
    /// <param name="number">The object.</param>
    /// <param name="claim">The message that does, by its completion's claim: should its worker die, it comes again.</param>
    /// <param name="error">Why.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal async Task<UploadStep> FailAsync(string jobId, long number, string claim, BulkUploadError error, CancellationToken cancellationToken)
    {
        // With the reason, before the upload is gone: others who miss it look there.
        if (await objects.UpdateAsync(jobId, number, latest => latest.IsFinal || latest.UploadId is null ? null : latest with { Error = error }, cancellationToken) is { UploadId: { } uploadId } found)
        {
            await oss.AbortMultipartUploadAsync(storing.Bucket, found.Key, uploadId, cancellationToken);
        }

        return await EndAsync(jobId, number, latest => latest.Fail(error) with { Claim = claim }, cancellationToken);
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

    /// <summary>Has an object that ended counted, and its page's driver called, whether or not that was done before.</summary>
    internal async Task<UploadStep> CallAsync(string jobId, long number, CancellationToken cancellationToken) =>
        await objects.FindAsync(jobId, number, cancellationToken) is { IsFinal: true } ended ? await CountAsync(jobId, ended.Page, always: true, cancellationToken) : UploadStep.Done;

    /// <summary>Counts what has ended of a page, and calls its driver back.</summary>
    internal async Task<UploadStep> CountAsync(string jobId, int page, bool always, CancellationToken cancellationToken)
    {
        await counting.CountPageAsync(jobId, page, cancellationToken);
        return await pages.WakeAsync(jobId, page, always, cancellationToken) is { } call ? UploadStep.Continue.With(call) : UploadStep.Done;
    }
}
