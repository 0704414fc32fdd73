using System.Text.Json.Serialization;
using Azure.Data.Tables;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>State of a job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BulkUploadState>))]
public enum BulkUploadState
{
    /// <summary>Accepted.</summary>
    NotStarted,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Stopped until it is resumed.</summary>
    Paused,

    /// <summary>What is under way is being given up.</summary>
    Canceling,

    /// <summary>Each object is in OSS, its checksum is right, or was left alone as the job says.</summary>
    Succeeded,

    /// <summary>Objects failed, or the job as a whole.</summary>
    Failed,

    /// <summary>Canceled; nothing of it is left open.</summary>
    Canceled,
}

/// <summary>What <c>GET /api/bulk-uploads/{id}</c> tells.</summary>
public sealed record BulkUploadStatus
{
    /// <summary>Id of the job.</summary>
    public required string Id { get; init; }

    /// <summary>State.</summary>
    public required BulkUploadState State { get; init; }

    /// <summary>Bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>Object key of a job of one object.</summary>
    public string? Key { get; init; }

    /// <summary>What a job of several objects puts before their keys.</summary>
    public string? Destination { get; init; }

    /// <summary>Whether nothing is stored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DryRun { get; init; }

    /// <summary>Whether all objects are known: until then the counts grow.</summary>
    public bool Expanded { get; init; }

    /// <summary>Objects, and what became of them.</summary>
    public required BulkUploadCounts Counts { get; init; }

    /// <summary>Bytes of all objects whose size is known; of the source of a single one, null until it was looked at.</summary>
    public long? Size { get; init; }

    /// <summary>Bytes that OSS has.</summary>
    public long BytesDone { get; init; }

    /// <summary>Parts of a single object; null until the source was looked at.</summary>
    public int? PartCount { get; init; }

    /// <summary>Parts of a single object that OSS has.</summary>
    public int? PartsDone { get; init; }

    /// <summary>Bytes per second since the job began or was resumed; null when that cannot be said.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>Seconds until it is done at that rate; null when that cannot be said.</summary>
    public long? SecondsLeft { get; init; }

    /// <summary>What can be changed while it runs.</summary>
    public required BulkUploadControls Controls { get; init; }

    /// <summary>When the job was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the state or a count last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Attempts at a single object.</summary>
    public int? Attempts { get; init; }

    /// <summary>ETag of a single object, without quotes.</summary>
    [JsonPropertyName("etag")]
    public string? ETag { get; init; }

    /// <summary>CRC-64/XZ of a single object, decimal.</summary>
    public string? Crc64 { get; init; }

    /// <summary>What the callback server answered for a single object, or why there was no answer.</summary>
    public string? Callback { get; init; }

    /// <summary>Where the report is; null: none was written.</summary>
    public string? Report { get; init; }

    /// <summary>The last thing that went wrong; final when the state is Failed.</summary>
    public BulkUploadError? Error { get; init; }
}

/// <summary>Why an object or a job failed, or what it is trying again after.</summary>
/// <param name="Code">Stable code, or OSS's own.</param>
/// <param name="Message">For people.</param>
public sealed record BulkUploadError(string Code, string Message)
{
    internal static BulkUploadError? From(TableEntity entity) => entity.GetString("ErrorCode") is { } code ? new BulkUploadError(code, entity.GetString("ErrorMessage") ?? "") : null;
}

/// <summary>Reply to an accepted job.</summary>
/// <param name="Id">Id of the job.</param>
/// <param name="Status">URL to ask for its state.</param>
public sealed record BulkUploadAccepted(string Id, string Status);

/// <summary>What <c>GET /api/bulk-uploads</c> tells.</summary>
/// <param name="Jobs">The newest first.</param>
/// <param name="Next">Give it as <c>after</c> to get the next page; null: there is none.</param>
public sealed record BulkUploadList(IReadOnlyList<BulkUploadStatus> Jobs, string? Next);

/// <summary>What <c>GET /api/bulk-uploads/{id}/objects</c> tells of an object.</summary>
public sealed record UploadObjectStatus
{
    /// <summary>Place in the job, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>Object key.</summary>
    public required string Key { get; init; }

    /// <summary>Where it is from; a URL without its query.</summary>
    public required string Source { get; init; }

    /// <summary>State.</summary>
    public required UploadObjectState State { get; init; }

    /// <summary>Bytes, when known.</summary>
    public long? Size { get; init; }

    /// <summary>ETag, without quotes.</summary>
    [JsonPropertyName("etag")]
    public string? ETag { get; init; }

    /// <summary>CRC-64/XZ, decimal.</summary>
    public string? Crc64 { get; init; }

    /// <summary>Attempts so far.</summary>
    public int Attempts { get; init; }

    /// <summary>What the callback server answered, or why there was no answer.</summary>
    public string? Callback { get; init; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The last thing that went wrong.</summary>
    public BulkUploadError? Error { get; init; }
}

/// <summary>A page of objects.</summary>
/// <param name="Objects">In the order of their numbers.</param>
/// <param name="Next">Give it as <c>after</c> to get the next page; null: there is none.</param>
public sealed record UploadObjectList(IReadOnlyList<UploadObjectStatus> Objects, string? Next);

/// <summary>What <c>PATCH /api/bulk-uploads/{id}</c> changes; what is left out stays.</summary>
public sealed record BulkUploadChange
{
    /// <summary>Whether the job overtakes others.</summary>
    public BulkUploadPriority? Priority { get; init; }

    /// <summary>Objects at a time; 0: the app's setting.</summary>
    public int? ObjectsInFlight { get; init; }

    /// <summary>Bytes per second of the whole job; 0: not limited.</summary>
    public long? Bandwidth { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, AllowDuplicateProperties = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BulkUploadJob))]
[JsonSerializable(typeof(BulkUploadCounts))]
[JsonSerializable(typeof(BulkUploadControls))]
[JsonSerializable(typeof(ManifestEntry))]
[JsonSerializable(typeof(BulkUploadStatus))]
[JsonSerializable(typeof(BulkUploadAccepted))]
[JsonSerializable(typeof(BulkUploadList))]
[JsonSerializable(typeof(UploadObjectList))]
[JsonSerializable(typeof(BulkUploadChange))]
[JsonSerializable(typeof(BulkUploadTask))]
internal sealed partial class BulkUploadJson : JsonSerializerContext;
