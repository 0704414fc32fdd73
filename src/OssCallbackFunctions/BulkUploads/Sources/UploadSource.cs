using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Facts that pin a source: as long as size and version are the same, so are its bytes. The rest is told along, and does not pin.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Version">ETag or time of the last change, as text; empty where a source has neither and is read in one piece.</param>
public sealed record SourceFacts(long Size, string Version)
{
    /// <summary>Content type that the source is kept with; null where it has none.</summary>
    public string? ContentType { get; init; }

    /// <summary>CRC-64/XZ of all its bytes, where the source knows it.</summary>
    public ulong? Crc64 { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Whether it can be read from any place; if not, only as one part that is all of it.</summary>
    public bool HasRanges { get; init; } = true;

    /// <summary>Whether both are of the same bytes.</summary>
    public bool Equals(SourceFacts? other) => other is not null && Size == other.Size && Version == other.Version;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Size, Version);
}

/// <summary>Bytes that can be opened again, at any place where <see cref="SourceFacts.HasRanges"/>.</summary>
internal interface IUploadSource
{
    /// <summary>Looks at the source.</summary>
    /// <exception cref="SourceException">It is not there, or cannot be used.</exception>
    Task<SourceFacts> ProbeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The bytes of a part, provided that the source is still as it was. Opening and reading throw <see cref="SourceException"/> for what will not pass, and
    /// <see cref="IOException"/> (<see cref="SourceBusyException"/> among them), <see cref="HttpRequestException"/>, <see cref="TimeoutException"/> or
    /// <see cref="Azure.RequestFailedException"/> for what may.
    /// </summary>
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
