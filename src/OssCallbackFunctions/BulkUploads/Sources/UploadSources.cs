using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Finds the sources of jobs, where the options allow them.</summary>
public sealed class UploadSources(IOptions<BulkUploadOptions> options, OssClient oss, TimeProvider clock)
{
    private readonly HttpClient _http = OutboundHttp.Client();

    /// <summary>The source of one object.</summary>
    /// <exception cref="SourceException">It is none that is allowed.</exception>
    internal IUploadSource Find(BulkUploadSource source) =>
        source.File is { } file ? new FileUploadSource(BelowRoot(file))
        : source.Url is { } url ? new HttpUploadSource(_http, clock, AllowedUrl(url))
        : source.Oss is { } text ? AllowedObject(AllowedPath(text))
        : throw new SourceException("source_not_allowed", "Such sources are not allowed.");

    /// <summary>What is below a prefix.</summary>
    /// <exception cref="SourceException">It is none that is allowed, or cannot be listed.</exception>
    internal ISourceLister FindLister(BulkUploadSource prefix) =>
        prefix.File is { } folder ? new FileLister(BelowRoot(folder), AsFolder(folder))
        : prefix.Oss is { } text ? new OssLister(oss, AsFolder(AllowedPath(text)))
        : throw new SourceException("source_not_allowed", "Such sources cannot be listed.");

    private string BelowRoot(string file)
    {
        if (options.Value.FileRoot is not { Length: > 0 } configured)
        {
            throw new SourceException("source_not_allowed", "Files are not allowed as sources: BulkUploads__FileRoot is not set.");
        }

        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(configured)) + Path.DirectorySeparatorChar;
        var path = file.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(Path.Combine(root, file));
        return !path.StartsWith(root, StringComparison.Ordinal) ? throw new SourceException("source_not_allowed", "source.file is not below the configured root.")
            : HasLink(root, path) ? throw new SourceException("source_not_allowed", "source.file leads through a link: links below the configured root are not followed.")
            : path;
    }

    // A link, of a file or of any folder on the way, may point out of the root.
    private static bool HasLink(string root, string path)
    {
        for (FileSystemInfo? step = new FileInfo(path); step is not null && step.FullName.Length >= root.Length; step = new DirectoryInfo(Path.GetDirectoryName(step.FullName)!))
        {
            if (step.LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    private Uri AllowedUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0
            || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && options.Value.AllowHttpSources)))
        {
            throw new SourceException("source_not_allowed", "source.url must be an https URL without user name.");
        }

        return options.Value.SourceHosts.Contains(url.Authority, StringComparer.OrdinalIgnoreCase)
            ? url
            : throw new SourceException("source_not_allowed", $"The host {url.Authority} is not in BulkUploads__AllowedSourceHosts.");
    }

    private OssPath AllowedPath(string text) =>
        !OssPath.TryParse(text, out var path) ? throw new SourceException("source_not_allowed", "source.oss must be oss://bucket/key.")
        : !options.Value.SourceBuckets.Contains(path.Bucket) ? throw new SourceException("source_not_allowed", $"The bucket {path.Bucket} is not in BulkUploads__OssSourceBuckets.")
        : path;

    private OssUploadSource AllowedObject(OssPath path) =>
        path.Key.Length > 0 ? new OssUploadSource(oss, path.Bucket, path.Key) : throw new SourceException("source_not_allowed", "source.oss names no object.");

    private static OssPath AsFolder(OssPath path) => path with { Key = AsFolder(path.Key) };

    private static string AsFolder(string path) => path is "" or [.., '/'] ? path : path + "/";
}
