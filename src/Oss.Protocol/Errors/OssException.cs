namespace Oss.Protocol;

/// <summary>OSS refused a request.</summary>
public sealed class OssException : Exception
{
    /// <summary>A refusal with OSS's own words.</summary>
    public OssException(OssError error)
        : base(error.ToString())
    {
        Error = error;
    }

    /// <summary>What OSS said.</summary>
    public OssError Error { get; }

    /// <summary>How long OSS wants to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter => Error.RetryAfter;

    /// <summary>Whether OSS answered with this code.</summary>
    public bool Is(OssErrorCode code) => Error.Code == code.Code;
}
