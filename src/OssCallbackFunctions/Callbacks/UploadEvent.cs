using System.Text.Json.Serialization;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>What the rest of the system is told of a verified upload: a CloudEvents 1.0 message. Its id is the upload's, so that a repeat is recognised.</summary>
public sealed record UploadEvent
{
    /// <summary>CloudEvents version.</summary>
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>Id of the upload and its state.</summary>
    public required string Id { get; init; }

    /// <summary>The bucket, as <c>oss://bucket</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Kind of event.</summary>
    public string Type { get; init; } = "oss-callback-functions.upload.verified";

    /// <summary>Object key.</summary>
    public required string Subject { get; init; }

    /// <summary>When it was verified.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Content type of <see cref="Data"/>.</summary>
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>The upload.</summary>
    public required UploadEventData Data { get; init; }

    internal static UploadEvent Verified(UploadGrant grant, UploadCallback callback, ObjectHead head, DateTimeOffset time) => new()
    {
        Id = $"{grant.Id}.verified",
        Source = $"oss://{callback.Bucket}",
        Subject = callback.Key,
        Time = time,
        Data = new UploadEventData(
            grant.Id, grant.Profile, grant.Subject.Length > 0 ? grant.Subject : null, callback.Bucket, callback.Key, head.Size, head.ETag.Trim('"'),
            head.ContentType, head.Crc64 is { } crc ? Crc64.ToText(crc) : null, callback.Operation, callback.RequestId),
    };
}

/// <summary>A verified upload.</summary>
public sealed record UploadEventData(
    string UploadId, string Profile, string? Subject, string Bucket, string Key, long Size, [property: JsonPropertyName("etag")] string ETag,
    string? ContentType, string? Crc64, string? Operation, string? OssRequestId);
