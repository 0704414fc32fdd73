using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// An object of an allowed bucket in the same region, pinned by ETag. OSS copies it by itself (UploadPartCopy, CopyObject with <c>x-oss-copy-source-if-match</c>: the version);
/// <see cref="Open"/> is for whoever wants the bytes all the same.
/// </summary>
internal sealed class OssUploadSource(OssClient oss, string bucket, string key, TimeProvider clock) : IUploadSource
{
    /// <summary>Bucket of the object.</summary>
    public string Bucket => bucket;

    /// <summary>Its key.</summary>
    public string Key => key;

    public async Task<SourceFacts> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await oss.HeadObjectAsync(bucket, key, cancellationToken) is { } head ? Facts(head) : throw NotFound();
        }
        catch (OssException e) when (e.Error.HttpStatus == 403 && !OssRetry.IsTransient(e.Error))
        {
            throw new SourceException("source_refused", $"OSS refuses to show the object: {e.Error.Code}.");
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchBucket))
        {
            throw NotFound();
        }
    }

    public UploadBody Open(PartRange part, SourceFacts pinned) => new(part.Length, async token =>
    {
        if (part.Length == 0)
        {
            return Stream.Null;
        }

        try
        {
            var download = await oss.GetObjectAsync(bucket, key, (part.Offset, part.Length), token);
            if (download.Head.ETag == pinned.Version)
            {
                return new SourceStream(download.Content, part.Length, isFramed: true, clock);
            }

            download.Dispose();
            throw Changed();
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchKey))
        {
            throw NotFound();
        }
        catch (OssException e) when (e.Is(OssErrorCode.InvalidRange))
        {
            throw Changed();
        }
    });

    private static SourceFacts Facts(ObjectHead head) =>
        new(head.Size, head.ETag) { ContentType = head.ContentType, Crc64 = head.Crc64, LastModified = head.LastModified };

    private static SourceException NotFound() => new("source_not_found", "There is no such object in the bucket.");

    private static SourceException Changed() => new("source_changed", "The object was changed while it was being copied.");
}
