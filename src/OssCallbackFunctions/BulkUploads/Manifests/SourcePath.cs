using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The path of a source, which is its object's key where none is named.</summary>
internal static class SourcePath
{
    /// <summary>A file's path; a blob's, without the container's name; an object's key; a URL's path, decoded and without the slash in front. Null when there is none that can be a key.</summary>
    public static string? Of(BulkUploadSource source, out string? reason)
    {
        var (path, why) = source switch
        {
            { File: { } file } => (file.StartsWith("./", StringComparison.Ordinal) ? file[2..] : file, null),
            { Blob: { } blob } => Behind(blob, 0, "blob must be NAME/path, NAME being that of a configured container."),
            { Oss: { } oss } => oss.StartsWith("oss://", StringComparison.Ordinal) ? Behind(oss, "oss://".Length, "oss must be oss://bucket/key.") : (null, "oss must be oss://bucket/key."),
            { Url: { } url } => OfUrl(url),
            _ => (null, "There is no source."),
        };
        reason = why;
        return path;
    }

    private static (string? Path, string? Reason) Behind(string text, int from, string reason)
    {
        var slash = text.IndexOf('/', from);
        return slash > from && slash + 1 < text.Length ? (text[(slash + 1)..], null) : (null, reason);
    }

    private static (string? Path, string? Reason) OfUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !(url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp))
        {
            return (null, "url is no http or https URL.");
        }

        var path = OssEncoding.Decode(url.AbsolutePath)[1..];
        return path.Length == 0 || path[^1] == '/' ? (null, "The URL's path ends with '/': key is needed.")
            // Bytes that are no UTF-8: several URLs would have one key.
            : path.Contains('\uFFFD', StringComparison.Ordinal) ? (null, "The URL's path is not UTF-8: key is needed.")
            : (path, null);
    }
}
