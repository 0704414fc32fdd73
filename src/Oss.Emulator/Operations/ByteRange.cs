using System.Globalization;

namespace Oss.Emulator.Operations;

/// <summary>The header Range as OSS reads it. Source: OSS documentation, "GetObject".</summary>
internal readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>Reads a range that lies within an object; null when it does not, or is none.</summary>
    /// <param name="header">Value of Range.</param>
    /// <param name="size">Bytes of the object.</param>
    /// <param name="clamps">Whether an end beyond the object counts as its last byte (<c>x-oss-range-behavior: standard</c>); otherwise it makes the range invalid.</param>
    public static ByteRange? Parse(string header, long size, bool clamps)
    {
        if (!header.StartsWith("bytes=", StringComparison.Ordinal) || header["bytes=".Length..].Split('-') is not [var from, var to])
        {
            return null;
        }

        var hasFirst = TryNumber(from, out var first);
        var hasLast = TryNumber(to, out var last);
        if ((!hasFirst && from.Length > 0) || (!hasLast && to.Length > 0) || (!hasFirst && !hasLast))
        {
            return null;
        }

        if (!hasFirst)
        {
            return last > 0 && size > 0 && (clamps || last <= size) ? new ByteRange(size - Math.Min(last, size), Math.Min(last, size)) : null;
        }

        var end = hasLast ? last : size - 1;
        return first < size && first <= end && (clamps || end < size) ? new ByteRange(first, Math.Min(end, size - 1) - first + 1) : null;
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
