using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Facts that pin a source: as long as they are the same, so are its bytes.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Version">ETag or time of the last change, as text.</param>
public sealed record SourceFacts(long Size, string Version);

/// <summary>Bytes that can be opened again, at any place.</summary>
internal interface IUploadSource
{
    /// <summary>Looks at the source.</summary>
    /// <exception cref="SourceException">It is not there, or cannot be used.</exception>
    Task<SourceFacts> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>The bytes of a part, provided that the source is still as it was.</summary>
    UploadBody Open(PartRange part, SourceFacts pinned);
}

/// <summary>A source that cannot be used, and will not be by trying again.</summary>
public sealed class SourceException : Exception
{
    internal SourceException(string code, string message)
        : base(message)
    {
        Code = code;
    }

    /// <summary>Stable code.</summary>
    public string Code { get; }
}
