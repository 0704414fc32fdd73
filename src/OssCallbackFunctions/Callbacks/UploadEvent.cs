using System.Text.Json.Serialization;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>What the rest of the system is told of a verified upload: a CloudEvents 1.0 message. Its id is the upload's, so that a repeat is recognised.</summary>
public sealed record UploadEvent
{
    /// <summary>What follows the upload's id in the event's.</summary>
    internal const string VerifiedSuffix = ".verified";

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

    /// <summary>Trace context of the request for the credential (the extension attribute of CloudEvents); null when it is not known.</summary>
    [JsonPropertyName(OssCallbackFunctions.TraceParent.Name)]
    public string? TraceParent { get; init; }

    /// <summary>The upload.</summary>
    public required UploadEventData Data { get; init; }

    /// <summary>The event of an upload that a callback told of.</summary>
    internal static UploadEvent Verified(UploadGrant grant, UploadCallback callback, ObjectHead head, DateTimeOffset time) =>
        Of(
            Describe(grant, callback.Bucket, callback.Key, head) with { Operation = callback.Operation, OssRequestId = callback.RequestId, Claims = callback.Claims },
            time,
            grant.TraceParent);

    /// <summary>The event of an upload that no callback told of.</summary>
    internal static UploadEvent Found(LedgerEntry entry, ObjectHead head, DateTimeOffset time) =>
        Of(Describe(entry.Grant, entry.Bucket, entry.Key, head) with { FoundWithoutCallback = true }, time, entry.TraceParent);

    /// <summary>The event of an upload, with the same id whoever tells of it.</summary>
    internal static UploadEvent Of(UploadEventData upload, DateTimeOffset time, string? traceParent = null) => new()
    {
        Id = upload.UploadId + VerifiedSuffix,
        Source = $"oss://{upload.Bucket}",
        Subject = upload.Key,
        Time = time,
        TraceParent = traceParent,
        Data = upload,
    };

    private static UploadEventData Describe(UploadGrant grant, string bucket, string key, ObjectHead head) => new(
        grant.Id, grant.Profile, grant.Subject.Length > 0 ? grant.Subject : null, bucket, key, head.Size, head.ETag.Trim('"'), head.ContentType,
        head.Crc64 is { } crc ? Crc64.ToText(crc) : null, null, null)
    {
        Variables = grant.Variables,
    };
}

/// <summary>A verified upload. <c>foundWithoutCallback</c> is there, and true, when no callback told of it: operation and OSS's request id are not known then.</summary>
public sealed record UploadEventData(
    string UploadId, string Profile, string? Subject, string Bucket, string Key, long Size, [property: JsonPropertyName("etag")] string ETag,
    string? ContentType, string? Crc64, string? Operation, string? OssRequestId, bool? FoundWithoutCallback = null)
{
    /// <summary>Variables that the credential was lent with, as the application set them; null: none.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>What the body of the callback says beside, as the profile's <c>CallbackFields</c> has it. Not proven, unlike the rest; null: nothing.</summary>
    public CallbackClaims? Claims { get; init; }
}
