using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Stores an object by one PutObject, with the callback. Safe to repeat, also after a lost reply.</summary>
public sealed class SimpleUpload(OssClient oss, ObjectStoring storing, SourceChecksums checksums, UploadThrottle throttle)
{
    // OSS tells whole seconds, by its own clock.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(1);

    internal async Task<UploadObject> StoreAsync(BulkUploadRecord job, UploadObject found, IUploadSource source, CancellationToken cancellationToken)
    {
        // Before anything is stored.
        await checksums.VerifyAsync(found, source, cancellationToken);
        var body = source.Open(found.Plan.Part(1), found.Facts!);
        var properties = job.Job.Properties(found.Key, found.Entry, found.Facts!);
        try
        {
            var stored = await oss.PutObjectAsync(storing.Bucket, found.Key, throttle.Limit(job, body), properties, storing.Callback(job, found), throttle.TrafficLimit(job), cancellationToken);
            return await storing.SucceedAsync(job, found, stored, cancellationToken);
        }
        catch (OssException e) when (e.Is(OssErrorCode.FileAlreadyExists) && properties.ForbidOverwrite)
        {
            // Taken by somebody else, or by an attempt of ours whose reply was lost or whose worker died, which nothing tells of: it is as old as the job at most.
            var head = await oss.HeadObjectAsync(storing.Bucket, found.Key, cancellationToken);
            if (head is null || head.LastModified < (job.StartedAt ?? job.CreatedAt) - ClockSkew || head.Size != body.Length || head.Crc64 != await body.ComputeCrc64Async(cancellationToken))
            {
                throw;
            }

            return await storing.SucceedAsync(job, found, new StoredObject(head.ETag, head.Crc64, null, null), cancellationToken);
        }
    }
}
