using System.Text.Json.Serialization;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>State of a job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BulkUploadState>))]
public enum BulkUploadState
{
    /// <summary>Accepted.</summary>
    NotStarted,

    /// <summary>Parts are on their way.</summary>
    Running,

    /// <summary>All parts are there; the object is being made.</summary>
    Completing,

    /// <summary>The object is in OSS, its checksum is right.</summary>
    Succeeded,

    /// <summary>Given up.</summary>
    Failed,
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

    /// <summary>Object key.</summary>
    public required string Key { get; init; }

    /// <summary>Bytes of the source; null until it was looked at.</summary>
    public long? Size { get; init; }

    /// <summary>Bytes that OSS has.</summary>
    public long BytesDone { get; init; }

    /// <summary>Parts in all; null until the source was looked at.</summary>
    public int? PartCount { get; init; }

    /// <summary>Parts that OSS has.</summary>
    public int PartsDone { get; init; }

    /// <summary>When the job was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the state last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>ETag of the object, without quotes.</summary>
    [JsonPropertyName("etag")]
    public string? ETag { get; init; }

    /// <summary>CRC-64/XZ of the object, decimal.</summary>
    public string? Crc64 { get; init; }

    /// <summary>What the callback server answered, or why there was no answer.</summary>
    public string? Callback { get; init; }

    /// <summary>The last thing that went wrong; final when the state is Failed.</summary>
    public BulkUploadError? Error { get; init; }
}

/// <summary>Why a job failed, or what it is trying again after.</summary>
/// <param name="Code">Stable code, or OSS's own.</param>
/// <param name="Message">For people.</param>
public sealed record BulkUploadError(string Code, string Message);

/// <summary>Reply to an accepted job.</summary>
/// <param name="Id">Id of the job.</param>
/// <param name="Status">URL to ask for its state.</param>
public sealed record BulkUploadAccepted(string Id, string Status);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, AllowDuplicateProperties = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BulkUploadJob))]
[JsonSerializable(typeof(BulkUploadStatus))]
[JsonSerializable(typeof(BulkUploadAccepted))]
[JsonSerializable(typeof(UploadSlice))]
[JsonSerializable(typeof(UploadCompletion))]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class BulkUploadJson : JsonSerializerContext;
