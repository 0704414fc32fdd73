using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A job and how far it is: one row of table <c>bulkuploads</c>. The bytes' own checkpoint is OSS's list of parts, not this.</summary>
internal sealed record BulkUploadRecord
{
    public const string Row = "job";

    public required BulkUploadJob Job { get; init; }

    public required string Id { get; init; }

    public BulkUploadState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Set when the source was looked at.</summary>
    public SourceFacts? Source { get; init; }

    public long PartSize { get; init; }

    /// <summary>Null for objects of one part, which are stored by PutObject.</summary>
    public string? UploadId { get; init; }

    /// <summary>Id of the queue message that completes the job.</summary>
    public string? Claim { get; init; }

    /// <summary>What the object's checksum must be; set before it is made.</summary>
    public ulong? Crc64 { get; init; }

    public string? ETag { get; init; }

    public string? Callback { get; init; }

    public BulkUploadError? Error { get; init; }

    /// <summary>Concurrency token of the row this was read from.</summary>
    public Azure.ETag Version { get; init; }

    public bool IsFinal => State is BulkUploadState.Succeeded or BulkUploadState.Failed;

    public UploadPlan Plan => new(Source!.Size, PartSize);

    public TableEntity ToEntity() => new(Id, Row)
    {
        ["Job"] = JsonSerializer.Serialize(Job, BulkUploadJson.Default.BulkUploadJob),
        ["State"] = State.ToString(),
        ["CreatedAt"] = CreatedAt,
        ["UpdatedAt"] = UpdatedAt,
        ["Size"] = Source?.Size,
        ["SourceVersion"] = Source?.Version,
        ["PartSize"] = PartSize,
        ["UploadId"] = UploadId,
        ["Claim"] = Claim,
        ["Crc64"] = Crc64?.ToString(CultureInfo.InvariantCulture),
        ["ObjectETag"] = ETag,
        ["Callback"] = Callback,
        ["ErrorCode"] = Error?.Code,
        ["ErrorMessage"] = Error?.Message,
    };

    public static BulkUploadRecord From(TableEntity entity) => new()
    {
        Id = entity.PartitionKey,
        Job = JsonSerializer.Deserialize(entity.GetString("Job"), BulkUploadJson.Default.BulkUploadJob)!,
        State = Enum.Parse<BulkUploadState>(entity.GetString("State")),
        CreatedAt = entity.GetDateTimeOffset("CreatedAt")!.Value,
        UpdatedAt = entity.GetDateTimeOffset("UpdatedAt")!.Value,
        Source = entity.GetInt64("Size") is { } size ? new SourceFacts(size, entity.GetString("SourceVersion") ?? "") : null,
        PartSize = entity.GetInt64("PartSize") ?? 0,
        UploadId = entity.GetString("UploadId"),
        Claim = entity.GetString("Claim"),
        Crc64 = Oss.Protocol.Crc64.TryParse(entity.GetString("Crc64"), out var crc) ? crc : null,
        ETag = entity.GetString("ObjectETag"),
        Callback = entity.GetString("Callback"),
        Error = entity.GetString("ErrorCode") is { } code ? new BulkUploadError(code, entity.GetString("ErrorMessage") ?? "") : null,
        Version = entity.ETag,
    };
}
