using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>An Azure blob, read by ranges and pinned by its ETag.</summary>
internal sealed class BlobUploadSource(BlobClient blob, TimeProvider clock) : IUploadSource
{
    public async Task<SourceFacts> ProbeAsync(CancellationToken cancellationToken)
    {
        BlobProperties properties = await BlobFailures.SortAsync(async () => (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value, cancellationToken);
        return Facts(properties.ContentLength, properties.ETag, properties.ContentType, properties.LastModified);
    }

    public UploadBody Open(PartRange part, SourceFacts pinned) => new(part.Length, async token =>
    {
        if (part.Length == 0)
        {
            return Stream.Null;
        }

        var options = new BlobDownloadOptions { Range = new HttpRange(part.Offset, part.Length), Conditions = new BlobRequestConditions { IfMatch = new ETag(pinned.Version) } };
        var download = await BlobFailures.SortAsync(async () => (await blob.DownloadStreamingAsync(options, token)).Value, token);
        return new SourceStream(download.Content, part.Length, isFramed: true, clock);
    });

    internal static SourceFacts Facts(long size, ETag etag, string? contentType, DateTimeOffset? lastModified) =>
        new(size, etag.ToString().Trim('"')) { ContentType = contentType, LastModified = lastModified };
}
