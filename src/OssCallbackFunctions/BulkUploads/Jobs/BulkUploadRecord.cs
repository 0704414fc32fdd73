using System.Text.Json;
using Azure.Data.Tables;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A job and how far it is: row <c>job</c> of its partition in table <c>bulkuploads</c>. What OSS has of an object's bytes is OSS's to say, not this row's.</summary>
internal sealed record BulkUploadRecord
{
    public const string Row = "job";

    public required string Id { get; init; }

    public required BulkUploadJob Job { get; init; }

    public BulkUploadState State { get; init; }

    /// <summary>Counts the job's beginnings: 1 at first, one more when it is resumed or its failures are tried again. Messages of an earlier one are dropped.</summary>
    public int Epoch { get; init; } = 1;

    /// <summary>Whether all objects have their rows.</summary>
    public bool IsExpanded { get; init; }

    public BulkUploadCounts Counts { get; init; } = new();

    /// <summary>What can be changed while the job runs.</summary>
    public required BulkUploadControls Controls { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When it was resumed last, or its failures were tried again.</summary>
    public DateTimeOffset? ResumedAt { get; init; }

    /// <summary>Time that the job has run before that.</summary>
    public TimeSpan RanBefore { get; init; }

    /// <summary>Name of the report's blobs; null: none was written.</summary>
    public string? Report { get; init; }

    public BulkUploadError? Error { get; init; }

    /// <summary>Trace context of whoever asked for the job; null: it is not known.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Concurrency token of the row this was read from.</summary>
    public Azure.ETag Version { get; init; }

    public bool IsFinal => State is BulkUploadState.Succeeded or BulkUploadState.Failed or BulkUploadState.Canceled;

    /// <summary>Whether messages of <paramref name="epoch"/> still have something to do.</summary>
    public bool IsRunning(int epoch) => State == BulkUploadState.Running && Epoch == epoch;

    /// <summary>Whether each object has ended.</summary>
    public bool IsCounted => IsExpanded && Counts.Ended == Counts.Objects;

    public TableEntity ToEntity() => new(Id, Row)
    {
        ["Job"] = JsonSerializer.Serialize(Job, BulkUploadJson.Default.BulkUploadJob),
        ["State"] = State.ToString(),
        ["Epoch"] = Epoch,
        ["IsExpanded"] = IsExpanded,
        ["Counts"] = JsonSerializer.Serialize(Counts, BulkUploadJson.Default.BulkUploadCounts),
        ["Controls"] = JsonSerializer.Serialize(Controls, BulkUploadJson.Default.BulkUploadControls),
        ["CreatedAt"] = CreatedAt,
        ["UpdatedAt"] = UpdatedAt,
        ["StartedAt"] = StartedAt,
        ["EndedAt"] = EndedAt,
        ["ResumedAt"] = ResumedAt,
        ["RanBefore"] = RanBefore.Ticks,
        ["Report"] = Report,
        ["TraceParent"] = TraceParent,
        ["ErrorCode"] = Error?.Code,
        ["ErrorMessage"] = Error?.Message,
    };

    public static BulkUploadRecord From(TableEntity entity) => new()
    {
        Id = entity.PartitionKey,
        Job = JsonSerializer.Deserialize(entity.GetString("Job"), BulkUploadJson.Default.BulkUploadJob)!,
        State = Enum.Parse<BulkUploadState>(entity.GetString("State")),
        Epoch = entity.GetInt32("Epoch")!.Value,
        IsExpanded = entity.GetBoolean("IsExpanded")!.Value,
        Counts = JsonSerializer.Deserialize(entity.GetString("Counts"), BulkUploadJson.Default.BulkUploadCounts)!,
        Controls = JsonSerializer.Deserialize(entity.GetString("Controls"), BulkUploadJson.Default.BulkUploadControls)!,
        CreatedAt = entity.GetDateTimeOffset("CreatedAt")!.Value,
        UpdatedAt = entity.GetDateTimeOffset("UpdatedAt")!.Value,
        StartedAt = entity.GetDateTimeOffset("StartedAt"),
        EndedAt = entity.GetDateTimeOffset("EndedAt"),
        ResumedAt = entity.GetDateTimeOffset("ResumedAt"),
        RanBefore = TimeSpan.FromTicks(entity.GetInt64("RanBefore")!.Value),
        Report = entity.GetString("Report"),
        TraceParent = entity.GetString("TraceParent"),
        Error = BulkUploadError.From(entity),
        Version = entity.ETag,
    };
}
