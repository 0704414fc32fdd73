namespace Oss.Emulator.Listing;

/// <summary>Keys that have the delimiter behind the prefix are shown by the piece up to it.</summary>
internal static class CommonPrefix
{
    /// <summary>The piece of a key that stands for it; null when the key stands for itself.</summary>
    /// <param name="key">A key that begins with the prefix.</param>
    /// <param name="prefix">The prefix asked for.</param>
    /// <param name="delimiter">Empty when keys are not grouped.</param>
    public static string? Of(string key, string prefix, string delimiter)
    {
        var end = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return end < 0 ? null : key[..(end + delimiter.Length)];
    }
}
