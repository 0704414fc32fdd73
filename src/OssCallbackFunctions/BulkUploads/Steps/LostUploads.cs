using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Aborts multipart uploads that were begun for a job's objects and are nobody's: of a worker that died between the beginning and the note of it, of one that was overtaken, of an object that
/// was given up. Counting takes an object out of the index of uploads when nothing of it can be open; what is left there when the job ends is looked into.
/// </summary>
public sealed class LostUploads(UploadObjects objects, OssClient oss, ObjectStoring storing)
{
    private const int AtOnce = 100;

    // OSS tells whole seconds, by its own clock.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>Aborts what is left open of a job that is over.</summary>
    internal async Task SweepAsync(string jobId, CancellationToken cancellationToken)
    {
        List<long> numbers;
        var from = 0L;
        do
        {
            numbers = await objects.IndexedAsync(jobId, UploadObjectRows.Uploading(from), AtOnce, cancellationToken);
            foreach (var number in numbers)
            {
                await SweepAsync(jobId, number, cancellationToken);
                from = number + 1;
            }
        }
        while (numbers.Count == AtOnce);
    }

    /// <summary>Aborts the uploads of an object's key that were begun since the object was, but for the one that it has.</summary>
    internal async Task AbortOthersAsync(UploadObject found, CancellationToken cancellationToken)
    {
        await foreach (var open in oss.ListMultipartUploadsAsync(storing.Bucket, found.Key, cancellationToken: cancellationToken))
        {
            if (open.Key == found.Key && open.Initiated >= found.StartedAt!.Value - ClockSkew && open.UploadId != found.UploadId)
            {
                await oss.AbortMultipartUploadAsync(storing.Bucket, open.Key, open.UploadId, cancellationToken);
            }
        }
    }

    /// <summary>Aborts the upload that an object has, and those that may be open beside it.</summary>
    internal async Task AbortAllAsync(UploadObject found, CancellationToken cancellationToken)
    {
        if (found.UploadId is { } uploadId)
        {
            await oss.AbortMultipartUploadAsync(storing.Bucket, found.Key, uploadId, cancellationToken);
        }

        if (!found.HasOneUpload)
        {
            await AbortOthersAsync(found, cancellationToken);
        }
    }

    private async Task SweepAsync(string jobId, long number, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(jobId, number, cancellationToken) is not { } found || (found.IsFinal && found.HasOneUpload))
        {
            return;
        }

        if (found.IsFinal)
        {
            await AbortOthersAsync(found, cancellationToken);
        }
        else
        {
            // The job failed as a whole; should it be tried again, this one begins anew.
            await objects.UpdateAsync(jobId, number, latest => latest.IsFinal ? null : latest.Anew(), cancellationToken);
            await AbortAllAsync(found, cancellationToken);
        }

        await objects.RemoveUploadingAsync(jobId, number, cancellationToken);
    }
}
