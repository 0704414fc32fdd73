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
        return ObjectKey.IsValid(key, out var reason) ? new(key, null) : Refused(reason);
    }

    public static DestinationKey Refused(string reason) => new(null, new BulkUploadError("invalid_key", reason));
}
