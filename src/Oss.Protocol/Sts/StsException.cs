namespace Oss.Protocol;

/// <summary>STS refused a request.</summary>
public sealed class StsException : Exception
{
    /// <summary>A refusal with STS's own words.</summary>
    public StsException(StsError error)
        : base(error.ToString())
    {
        Error = error;
    }

    /// <summary>What STS said.</summary>
    public StsError Error { get; }
}
