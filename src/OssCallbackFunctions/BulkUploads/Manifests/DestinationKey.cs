using System.Text;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Key of an object, or why OSS would not take it.</summary>
/// <param name="Key">Set when there is no error.</param>
/// <param name="Error"><c>invalid_key</c>.</param>
internal readonly record struct DestinationKey(string? Key, BulkUploadError? Error)
{
    /// <summary>The key of what is at <paramref name="path"/>: <paramref name="destination"/> put before it as it is, without a slash between.</summary>
    public static DestinationKey Of(string? destination, string path)
    {
        var key = destination + path;
        return !ObjectKey.IsValid(key, out var reason) ? Refused(reason)
            : path.Length == 0 ? Refused("The object key is empty.")
            : key.EnumerateRunes().Any(IsNoXml) ? Refused("The object key has control characters.")
            : new(key, null);
    }

    public static DestinationKey Refused(string reason) => new(null, new BulkUploadError("invalid_key", reason));

    // OSS takes them, but its XML does not: such an object cannot be listed, or completed by parts.
    private static bool IsNoXml(Rune rune) => Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF;
}
