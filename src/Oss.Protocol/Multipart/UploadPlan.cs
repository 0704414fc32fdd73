namespace Oss.Protocol;

/// <summary>
/// How an object is cut into parts: all of one size but for the last, so that any instance at any time computes the same parts.
/// Source of the limits: OSS documentation, "UploadPart" (part size 100 KB to 5 GB, at most 10,000 parts).
/// </summary>
/// <param name="Size">Bytes of the object.</param>
/// <param name="PartSize">Bytes of each part but the last.</param>
public sealed record UploadPlan(long Size, long PartSize)
{
    // Part sizes are whole MiB when they have to grow: figures that people can read.
    private const long Rounding = 1024 * 1024;

    /// <summary>Number of parts; an empty object is one empty part.</summary>
    public int PartCount => (int)Math.Max(1, (Size + PartSize - 1) / PartSize);

    /// <summary>Plans an object: parts of the size wished for, larger when there would be more than 10,000.</summary>
    /// <param name="size">Bytes of the object; 0 to 48.8 TB.</param>
    /// <param name="wishedPartSize">Bytes; 100 KB to 5 GB.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure is outside OSS's limits.</exception>
    public static UploadPlan For(long size, long wishedPartSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, OssLimits.MaxObjectSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(wishedPartSize, OssLimits.MinPartSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wishedPartSize, OssLimits.MaxSimpleUploadSize);

        var least = (size + OssLimits.MaxPartCount - 1) / OssLimits.MaxPartCount;
        var partSize = least <= wishedPartSize ? wishedPartSize
            : Math.Min(OssLimits.MaxSimpleUploadSize, (least + Rounding - 1) / Rounding * Rounding);
        return new UploadPlan(size, partSize);
    }

    /// <summary>The bytes of a part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The plan has no such part.</exception>
    public PartRange Part(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, PartCount);
        var offset = (number - 1) * PartSize;
        return new PartRange(number, offset, Math.Min(PartSize, Size - offset));
    }
}
