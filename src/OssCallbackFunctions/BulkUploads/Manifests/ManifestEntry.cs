using System.Security.Cryptography;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>One object of a manifest.</summary>
internal sealed record ManifestEntry
{
    /// <summary>Where the bytes are.</summary>
    public required BulkUploadSource Source { get; init; }

    /// <summary>Object key below the job's destination; null: it follows from the source's path.</summary>
    public string? Key { get; init; }

    /// <summary>Bytes that the source must have.</summary>
    public long? Size { get; init; }

    /// <summary>MD5 that they must have, hex or base64.</summary>
    public string? Md5 { get; init; }

    /// <summary>SHA-256 that they must have, hex or base64.</summary>
    public string? Sha256 { get; init; }

    /// <summary>CRC-64/XZ that they must have, decimal.</summary>
    public string? Crc64 { get; init; }

    /// <summary>Content type to store it with; null: the job's.</summary>
    public string? ContentType { get; init; }

    /// <summary>User metadata beside and before the job's: names without <c>x-oss-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    internal byte[]? Md5Bytes => Md5 is null ? null : ExpectedChecksums.Read(Md5, MD5.HashSizeInBytes);

    internal byte[]? Sha256Bytes => Sha256 is null ? null : ExpectedChecksums.Read(Sha256, SHA256.HashSizeInBytes);

    internal ulong? Crc64Value => Oss.Protocol.Crc64.TryParse(Crc64, out var crc) ? crc : null;

    /// <summary>The source for people: a URL without its query, which may hold a signature.</summary>
    internal string SourceText => Source.File ?? Source.Blob ?? Source.Oss ?? Source.Url?.Split('?')[0] ?? "";

    /// <summary>The key to upload to, below <paramref name="destination"/>, which is put before it as it is.</summary>
    public DestinationKey KeyBelow(string? destination) =>
        Key is not null ? DestinationKey.Of(destination, Key)
        : SourcePath.Of(Source, out var reason) is { } path ? DestinationKey.Of(destination, path)
        : DestinationKey.Refused(reason!);

    /// <summary>What is wrong with it, if anything: the source as such, which settings may still forbid, is not looked for.</summary>
    public BulkUploadError? Refuse(string? destination) =>
        Source.Refuse() is { } source ? new("invalid_source", source)
        : KeyBelow(destination).Error is { } key ? key
        : Size is < 0 or > OssLimits.MaxObjectSize ? new("invalid_size", $"size must be from 0 to {OssLimits.MaxObjectSize} bytes.")
        : ExpectedChecksums.Refuse(Md5, Sha256, Crc64) is { } checksum ? checksum
        : ContentType is not null && !OssCallbackFunctions.ContentType.IsValid(ContentType) ? new("invalid_content_type", "contentType is no media type such as image/png.")
        : UserMetadata.Refuse(Metadata);
}
