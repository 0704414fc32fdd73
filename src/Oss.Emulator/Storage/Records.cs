using System.Text.Json.Serialization;

namespace Oss.Emulator.Storage;

/// <summary>A file of bytes under a name that is never used again: what refers to it can not come to mean other bytes.</summary>
internal sealed record Segment(string Name, long Size, ulong Crc64);

/// <summary>A bucket as it is kept on disk.</summary>
internal sealed record BucketRecord
{
    public required string Name { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>private, public-read or public-read-write.</summary>
    public string Acl { get; init; } = "private";

    public string StorageClass { get; init; } = "Standard";

    /// <summary>Enabled or Suspended; null for a bucket that never had versioning.</summary>
    public string? Versioning { get; init; }
}

/// <summary>An object as it is kept on disk: what it is, and the segments that make its content, in order.</summary>
internal sealed record ObjectRecord
{
    public required string Key { get; init; }

    /// <summary>Without quotes.</summary>
    public required string ETag { get; init; }

    /// <summary>Normal or Multipart.</summary>
    public required string Type { get; init; }

    public required long Size { get; init; }

    public required ulong Crc64 { get; init; }

    /// <summary>Base64; null for multipart objects, whose MD5 nobody took.</summary>
    public string? ContentMd5 { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Headers to be returned with the object.</summary>
    public required Dictionary<string, string> Headers { get; init; }

    public required IReadOnlyList<Segment> Segments { get; init; }
}

/// <summary>An upload that is neither completed nor aborted.</summary>
internal sealed record UploadRecord(string UploadId, string Key, DateTimeOffset Initiated, Dictionary<string, string> Headers);

/// <summary>A part of an open upload; its ETag without quotes.</summary>
internal sealed record PartRecord(int Number, string ETag, DateTimeOffset LastModified, Segment Segment);

[JsonSerializable(typeof(BucketRecord))]
[JsonSerializable(typeof(ObjectRecord))]
[JsonSerializable(typeof(UploadRecord))]
[JsonSerializable(typeof(PartRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RecordJson : JsonSerializerContext;
