using System.Buffers;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>User metadata as OSS takes it in headers. Source: OSS documentation, "Manage object metadata"; RFC 9110 for names.</summary>
internal static class UserMetadata
{
    /// <summary>Most bytes of all names, each with <c>x-oss-meta-</c>, and values together.</summary>
    public const int MaxBytes = 8 * 1024;

    private const string Prefix = "x-oss-meta-";

    private static readonly SearchValues<char> Token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What is wrong with it, if anything. Values are printable ASCII: a header holds no more without a convention that readers would have to know.</summary>
    public static BulkUploadError? Refuse(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null)
        {
            return null;
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in metadata)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(Token))
            {
                return Refused($"metadata has the name '{ManifestText.Shown(name)}': expected letters, digits and - _ . without {Prefix} in front.");
            }

            if (!names.Add(name))
            {
                return Refused($"metadata has {ManifestText.Shown(name)} twice: OSS does not tell upper from lower case.");
            }

            if (value is null || value != value.Trim() || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                return Refused($"metadata.{ManifestText.Shown(name)} must be printable ASCII without white space at its ends.");
            }
        }

        var bytes = metadata.Sum(item => Prefix.Length + item.Key.Length + item.Value.Length);
        return bytes <= MaxBytes ? null : Refused($"metadata has {bytes} bytes with its names; OSS allows {MaxBytes}.");
    }

    private static BulkUploadError Refused(string message) => new("invalid_metadata", message);
}
