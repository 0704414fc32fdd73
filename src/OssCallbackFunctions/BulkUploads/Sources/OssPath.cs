using System.Diagnostics.CodeAnalysis;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A place in OSS as people write it: <c>oss://bucket/key</c>, the key as it is, not encoded.</summary>
internal readonly record struct OssPath(string Bucket, string Key)
{
    private const string Scheme = "oss://";

    /// <summary>Reads one; the key may be empty, and the "/" before it be missing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out OssPath path)
    {
        var parts = text is not null && text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..].Split('/', 2) : [];
        path = parts.Length == 0 ? default : new OssPath(parts[0], parts.ElementAtOrDefault(1) ?? "");
        return parts.Length > 0 && ObjectKey.IsValidBucket(path.Bucket) && (path.Key.Length == 0 || ObjectKey.IsValid(path.Key, out _));
    }

    public override string ToString() => Scheme + Bucket + "/" + Key;
}
