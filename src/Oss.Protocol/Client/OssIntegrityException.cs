namespace Oss.Protocol;

/// <summary>OSS's checksum of what it received is not ours of what was sent.</summary>
public sealed class OssIntegrityException : IOException
{
    /// <summary>Two checksums that differ.</summary>
    /// <param name="sent">CRC-64/XZ of what was sent.</param>
    /// <param name="stored">CRC-64/XZ of what OSS has.</param>
    public OssIntegrityException(ulong sent, ulong stored)
        : base($"The CRC64 of what was sent is {sent}, that of what OSS stored {stored}.")
    {
    }
}

/// <summary>A source had fewer bytes than it was said to have: it was cut, or changed.</summary>
public sealed class SourceEndedException : IOException
{
    /// <summary>A source that ended early.</summary>
    public SourceEndedException(long expected, long found)
        : base($"The source ended after {found} of {expected} bytes.")
    {
    }
}

/// <summary>A source asks to be left alone for a while. It may do later, but not at once: <see cref="OssClient"/> does not try again by itself.</summary>
public sealed class SourceBusyException : IOException
{
    /// <summary>A source that is busy.</summary>
    /// <param name="message">For people.</param>
    /// <param name="retryAfter">How long it asks to be left alone; null where it did not say.</param>
    public SourceBusyException(string message, TimeSpan? retryAfter)
        : base(message)
    {
        RetryAfter = retryAfter;
    }

    /// <summary>How long it asks to be left alone; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; }
}
