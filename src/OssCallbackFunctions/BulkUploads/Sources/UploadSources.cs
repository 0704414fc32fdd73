using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Finds the sources of jobs, where the options allow them.</summary>
public sealed class UploadSources(IOptions<BulkUploadOptions> options, IOptions<StorageOptions> storage, OssClient oss, TimeProvider clock)
{
    private readonly FileRoot _files = new(options.Value.FileRoot);
    private readonly BlobContainers _containers = new(options.Value, storage.Value);
    private readonly SourceUrls _urls = new(options.Value);
    private readonly HttpSourceClient _http = new(SourceConnections.Client(options.Value.AllowPrivateSources), new SourceUrls(options.Value), options.Value.MaxRedirects, clock);

    /// <summary>The source of one object.</summary>
    /// <exception cref="SourceException">It is none that is allowed.</exception>
    internal IUploadSource Find(BulkUploadSource source) =>
        source.File is { } file ? new FileUploadSource(_files.Find(file))
        : source.Url is { } url ? new HttpUploadSource(_http, _urls.Allow(url), options.Value.MaxUnrangedSize)
        : source.Blob is { } blob ? AllowedBlob(blob)
        : source.Oss is { } text ? AllowedObject(AllowedPath(text))
        : throw new SourceException("source_not_allowed", "The job names no source.");

    /// <summary>What is below a prefix.</summary>
    /// <exception cref="SourceException">It is none that is allowed, or cannot be listed.</exception>
    internal ISourceLister FindLister(BulkUploadSource prefix) =>
        prefix.File is { } folder ? new FileLister(_files.Find(folder), AsFolder(folder))
        : prefix.Blob is { } blob ? FolderOfBlobs(blob)
        : prefix.Oss is { } text ? new OssLister(oss, AsFolder(AllowedPath(text)))
        : throw new SourceException("source_not_allowed", "Files by URL cannot be listed.");

    /// <summary>The container of a blob, and its path in it.</summary>
    /// <exception cref="SourceException">It is none that is allowed.</exception>
    internal (Azure.Storage.Blobs.BlobContainerClient Container, string Path) FindContainer(string blob)
    {
        var (container, _, path) = _containers.Find(blob);
        return (container, path);
    }

    private BlobUploadSource AllowedBlob(string text) =>
        _containers.Find(text) is (var container, _, { Length: > 0 } path) ? new BlobUploadSource(container.GetBlobClient(path), clock)
            : throw new SourceException("source_not_allowed", "source.blob names no blob.");

    private BlobLister FolderOfBlobs(string text)
    {
        var (container, name, path) = _containers.Find(text);
        return new BlobLister(container, name, AsFolder(path));
    }

    private OssPath AllowedPath(string text) =>
        !OssPath.TryParse(text, out var path) ? throw new SourceException("source_not_allowed", "source.oss must be oss://bucket/key.")
        : !options.Value.SourceBuckets.Contains(path.Bucket) ? throw new SourceException("source_not_allowed", $"The bucket {path.Bucket} is not in BulkUploads__OssSourceBuckets.")
        : path;

    private OssUploadSource AllowedObject(OssPath path) =>
        path.Key.Length > 0 ? new OssUploadSource(oss, path.Bucket, path.Key, clock) : throw new SourceException("source_not_allowed", "source.oss names no object.");

    private static OssPath AsFolder(OssPath path) => path with { Key = AsFolder(path.Key) };

    private static string AsFolder(string path) => path is "" or [.., '/'] ? path : path + "/";
}
