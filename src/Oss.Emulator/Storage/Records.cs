using System.Text.Json.Serialization;
using Oss.Emulator.Cors;

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

    /// <summary>LRS or ZRS.</summary>
    public string DataRedundancyType { get; init; } = "LRS";

    /// <summary>Enabled or Suspended; null for a bucket that never had versioning.</summary>
    public string? Versioning { get; init; }

    /// <summary>Which pages of other origins may use the bucket; null: none.</summary>
    public CorsConfiguration? Cors { get; init; }

    /// <summary>Lifecycle rules as they were put: nobody carries them out here. Null: none.</summary>
    public string? Lifecycle { get; init; }
}

/// <summary>An object as it is kept on disk: what it is, and the segments that make its content, in order.</summary>
internal sealed record ObjectRecord
{
    public const string Normal = "Normal";
    public const string Multipart = "Multipart";
    public const string Appendable = "Appendable";

    private const string AclHeader = "x-oss-object-acl";

    public required string Key { get; init; }

    /// <summary>Without quotes.</summary>
    public required string ETag { get; init; }

    /// <summary>Normal, Multipart or Appendable.</summary>
    public required string Type { get; init; }

    public required long Size { get; init; }

    public required ulong Crc64 { get; init; }

    /// <summary>Base64; null for objects of several pieces, whose MD5 nobody took.</summary>
    public string? ContentMd5 { get; init; }

    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Headers to be returned with the object.</summary>
    public required Dictionary<string, string> Headers { get; init; }

    /// <summary>The object's own ACL; null: the bucket's.</summary>
    public string? Acl { get; init; }

    /// <summary>In the order they were given; null: none.</summary>
    public IReadOnlyList<ObjectTag>? Tags { get; init; }

    /// <summary>Null for an object that was stored while its bucket had no versioning.</summary>
    public string? VersionId { get; init; }

    public required IReadOnlyList<Segment> Segments { get; init; }

    /// <summary>The record as it would be written today: an ACL used to be among the headers.</summary>
    public ObjectRecord Current() => Headers.TryGetValue(AclHeader, out var acl)
        ? this with { Acl = acl, Headers = Headers.Where(header => header.Key != AclHeader).ToDictionary() }
        : this;
}

/// <summary>A tag of an object.</summary>
internal sealed record ObjectTag(string Key, string Value);

/// <summary>What a request says about the object it makes, besides the bytes.</summary>
/// <param name="Headers">Headers to be returned with the object.</param>
/// <param name="Acl">The object's own ACL; null: the bucket's.</param>
/// <param name="Tags">Null: none.</param>
internal sealed record ObjectDescription(Dictionary<string, string> Headers, string? Acl = null, IReadOnlyList<ObjectTag>? Tags = null);

/// <summary>An upload that is neither completed nor aborted.</summary>
internal sealed record UploadRecord(
    string UploadId, string Key, DateTimeOffset Initiated, Dictionary<string, string> Headers, string? Acl = null, IReadOnlyList<ObjectTag>? Tags = null);

/// <summary>A part of an open upload; its ETag without quotes.</summary>
internal sealed record PartRecord(int Number, string ETag, DateTimeOffset LastModified, Segment Segment);

[JsonSerializable(typeof(BucketRecord))]
[JsonSerializable(typeof(ObjectRecord))]
[JsonSerializable(typeof(UploadRecord))]
[JsonSerializable(typeof(PartRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RecordJson : JsonSerializerContext;
