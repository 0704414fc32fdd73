using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>State of one object of a job.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UploadObjectState>))]
public enum UploadObjectState
{
    /// <summary>Not begun, or to be tried again.</summary>
    Pending,

    /// <summary>Its multipart upload is under way.</summary>
    Uploading,

    /// <summary>Its parts are there; it is being made of them.</summary>
    Completing,

    /// <summary>In OSS, with the checksum that it must have; in a dry run: it could be.</summary>
    Succeeded,

    /// <summary>Left alone, as the job says.</summary>
    Skipped,

    /// <summary>Given up.</summary>
    Failed,

    /// <summary>Given up because the job was canceled.</summary>
    Canceled,
}

/// <summary>One object of a job and how far it is: a row of the job's partition.</summary>
internal sealed record UploadObject
{
    public required string JobId { get; init; }

    /// <summary>From 0; its page is <see cref="Page"/>.</summary>
    public required long Number { get; init; }

    /// <summary>Where it is from, and what is known of it from the job or the manifest.</summary>
    public required ManifestEntry Entry { get; init; }

    /// <summary>Where the expansion of the job goes on after this object.</summary>
    public string? Cursor { get; init; }

    public UploadObjectState State { get; init; }

    /// <summary>Whether it is in the job's counts.</summary>
    public bool IsCounted { get; init; }

    /// <summary>How often it was begun anew after it had failed for good.</summary>
    public int Round { get; init; }

    public int Attempts { get; init; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Set when the source was looked at.</summary>
    public SourceFacts? Facts { get; init; }

    public long PartSize { get; init; }

    /// <summary>Who is beginning its multipart upload; should he die, the upload he may have begun is looked for.</summary>
    public string? Beginning { get; init; }

    /// <summary>How often it was begun.</summary>
    public int Beginnings { get; init; }

    public string? UploadId { get; init; }

    /// <summary>Id of the message that completes it.</summary>
    public string? Claim { get; init; }

    /// <summary>What its checksum must be; set before it is made.</summary>
    public ulong? Crc64 { get; init; }

    public string? ETag { get; init; }

    public string? Callback { get; init; }

    /// <summary>Requests to OSS that it takes, as a dry run counts them.</summary>
    public int Requests { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public BulkUploadError? Error { get; init; }

    public Azure.ETag Version { get; init; }

    public string Key => Entry.Key!;

    public int Page => (int)(Number / UploadPage.Size);

    /// <summary>Whether its multipart upload is the only one that can be open of it: begun once, and its id was noted.</summary>
    public bool HasOneUpload => Beginnings == 1 && UploadId is not null;

    public bool IsFinal => State is UploadObjectState.Succeeded or UploadObjectState.Skipped or UploadObjectState.Failed or UploadObjectState.Canceled;

    public UploadPlan Plan => new(Facts!.Size, PartSize);

    /// <summary>Bytes that the job's total did not have before the source was looked at.</summary>
    public long UnknownBytes => Entry.Size is null ? Facts?.Size ?? 0 : 0;

    /// <summary>Id that it is told under: the job's own when the job is one object.</summary>
    public string UploadIdToTell(BulkUploadJob job) =>
        (job.IsSingle ? JobId : string.Create(CultureInfo.InvariantCulture, $"{JobId}-{Number}")) + (Round == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{Round}"));

    /// <summary>The ETag for people: without quotes.</summary>
    public string? ETagText => ETag?.Trim('"');

    /// <summary>The checksum for people, once the object is there with it.</summary>
    public string? Crc64Text => State == UploadObjectState.Succeeded && Crc64 is { } crc ? Oss.Protocol.Crc64.ToText(crc) : null;

    public UploadObject Fail(BulkUploadError error) => this with { State = UploadObjectState.Failed, Error = error };

    /// <summary>As if it had not been begun.</summary>
    public UploadObject Anew() => this with
    {
        State = UploadObjectState.Pending, IsCounted = false, Attempts = 0, NotBefore = null, Error = null, EndedAt = null, Beginning = null, Beginnings = 0, UploadId = null, Claim = null, Crc64 = null,
        Facts = null,
    };

    public TableEntity ToEntity() => new(JobId, UploadObjectRows.Of(Number))
    {
        ["Number"] = Number,
        ["Entry"] = JsonSerializer.Serialize(Entry, BulkUploadJson.Default.ManifestEntry),
        ["Cursor"] = Cursor,
        ["State"] = State.ToString(),
        ["IsCounted"] = IsCounted,
        ["Round"] = Round,
        ["Attempts"] = Attempts,
        ["NotBefore"] = NotBefore,
        ["Size"] = Facts?.Size,
        ["SourceVersion"] = Facts?.Version,
        ["SourceCrc64"] = Facts?.Crc64?.ToString(CultureInfo.InvariantCulture),
        ["HasRanges"] = Facts?.HasRanges,
        ["PartSize"] = PartSize,
        ["Beginning"] = Beginning,
        ["Beginnings"] = Beginnings,
        ["UploadId"] = UploadId,
        ["Claim"] = Claim,
        ["Crc64"] = Crc64?.ToString(CultureInfo.InvariantCulture),
        ["ObjectETag"] = ETag,
        ["Callback"] = Callback,
        ["Requests"] = Requests,
        ["StartedAt"] = StartedAt,
        ["EndedAt"] = EndedAt,
        ["ErrorCode"] = Error?.Code,
        ["ErrorMessage"] = Error?.Message,
    };

    public static UploadObject From(TableEntity entity) => new()
    {
        JobId = entity.PartitionKey,
        Number = entity.GetInt64("Number")!.Value,
        Entry = JsonSerializer.Deserialize(entity.GetString("Entry"), BulkUploadJson.Default.ManifestEntry)!,
        Cursor = entity.GetString("Cursor"),
        State = Enum.Parse<UploadObjectState>(entity.GetString("State")),
        IsCounted = entity.GetBoolean("IsCounted") ?? false,
        Round = entity.GetInt32("Round") ?? 0,
        Attempts = entity.GetInt32("Attempts") ?? 0,
        NotBefore = entity.GetDateTimeOffset("NotBefore"),
        Facts = entity.GetInt64("Size") is { } size
            ? new SourceFacts(size, entity.GetString("SourceVersion") ?? "") { Crc64 = Crc(entity, "SourceCrc64"), HasRanges = entity.GetBoolean("HasRanges") ?? true }
            : null,
        PartSize = entity.GetInt64("PartSize") ?? 0,
        Beginning = entity.GetString("Beginning"),
        Beginnings = entity.GetInt32("Beginnings") ?? 0,
        UploadId = entity.GetString("UploadId"),
        Claim = entity.GetString("Claim"),
        Crc64 = Crc(entity, "Crc64"),
        ETag = entity.GetString("ObjectETag"),
        Callback = entity.GetString("Callback"),
        Requests = entity.GetInt32("Requests") ?? 0,
        StartedAt = entity.GetDateTimeOffset("StartedAt"),
        EndedAt = entity.GetDateTimeOffset("EndedAt"),
        Error = BulkUploadError.From(entity),
        Version = entity.ETag,
    };

    private static ulong? Crc(TableEntity entity, string name) => Oss.Protocol.Crc64.TryParse(entity.GetString(name), out var crc) ? crc : null;
}
