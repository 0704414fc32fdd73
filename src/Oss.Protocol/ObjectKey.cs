using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Oss.Protocol;

/// <summary>The rules of bucket and object names. Source: OSS documentation, "Bucket naming conventions", "Object naming conventions".</summary>
public static class ObjectKey
{
    /// <summary>Whether OSS takes <paramref name="key"/> as an object key: 1 to 1,023 bytes of UTF-8 that do not begin with "/" or "\".</summary>
    /// <param name="key">Any text; "." and ".." segments are ordinary text to OSS.</param>
    /// <param name="reason">What is wrong, for a message; null when the key is valid.</param>
    public static bool IsValid([NotNullWhen(true)] string? key, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        if (string.IsNullOrEmpty(key))
        {
            reason = "The object key is empty.";
        }
        else if (key[0] is '/' or '\\')
        {
            reason = "The object key begins with '/' or '\\'.";
        }
        else if (ByteCount(key) is not { } length)
        {
            reason = "The object key is not valid Unicode text.";
        }
        else if (length > OssLimits.MaxKeyLength)
        {
            reason = $"The object key has {length} bytes in UTF-8; OSS allows {OssLimits.MaxKeyLength}.";
        }

        return reason is null;
    }

    /// <summary>Whether <paramref name="bucket"/> is 3 to 63 of a-z, 0-9 and hyphen, with a letter or digit at both ends.</summary>
    public static bool IsValidBucket([NotNullWhen(true)] string? bucket) =>
        bucket is { Length: >= 3 and <= 63 }
        && bucket.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && bucket[0] != '-' && bucket[^1] != '-';

    private static int? ByteCount(string key)
    {
        try
        {
            return OssEncoding.StrictUtf8.GetByteCount(key);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }
}
