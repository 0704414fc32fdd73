using Azure;
using Azure.Data.Tables;

namespace OssCallbackFunctions.Limits;

/// <summary>What a caller has used in the minute and the day (UTC) that are on: one row of table <c>usage</c>.</summary>
/// <param name="Partition">Whose it is.</param>
/// <param name="Minute">When the minute began.</param>
/// <param name="Day">When the day began.</param>
internal sealed record UsageRecord(string Partition, DateTimeOffset Minute, DateTimeOffset Day)
{
    public const string Row = "used";
    public const string UntilColumn = "Until";

    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1);

    /// <summary>Credentials in the minute.</summary>
    public long Credentials { get; init; }

    /// <summary>Bytes in the day.</summary>
    public long Bytes { get; init; }

    /// <summary>Who wrote it, so that a write whose reply was lost is known again.</summary>
    public string Writer { get; init; } = "";

    /// <summary>Concurrency token of the row this was read from; default: there is none.</summary>
    public ETag Version { get; init; }

    public DateTimeOffset MinuteEnd => Minute + OneMinute;

    public DateTimeOffset DayEnd => Day + OneDay;

    public static UsageRecord None(string partition) => new(partition, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    /// <summary>What is used of the minute and the day of a time. An instance whose clock is behind counts in those that another began already.</summary>
    public UsageRecord At(DateTimeOffset now)
    {
        var (minute, day) = (Floor(now, OneMinute), Floor(now, OneDay));
        var used = minute > Minute ? this with { Minute = minute, Credentials = 0 } : this;
        return day > Day ? used with { Day = day, Bytes = 0 } : used;
    }

    public TableEntity ToEntity() => new(Partition, Row)
    {
        [nameof(Minute)] = Minute,
        [nameof(Credentials)] = Credentials,
        [nameof(Day)] = Day,
        [nameof(Bytes)] = Bytes,
        [nameof(Writer)] = Writer,
        [UntilColumn] = DayEnd,
    };

    public static UsageRecord From(TableEntity entity) => new(entity.PartitionKey, entity.GetDateTimeOffset(nameof(Minute))!.Value, entity.GetDateTimeOffset(nameof(Day))!.Value)
    {
        Credentials = entity.GetInt64(nameof(Credentials))!.Value,
        Bytes = entity.GetInt64(nameof(Bytes))!.Value,
        Writer = entity.GetString(nameof(Writer)),
        Version = entity.ETag,
    };

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan window) => new(time.UtcTicks - (time.UtcTicks % window.Ticks), TimeSpan.Zero);
}

/// <summary>A multipart upload that is open: a row in its caller's partition, for as long as it is.</summary>
/// <param name="Slot">Row key.</param>
/// <param name="Until">From this time on it counts no more.</param>
internal sealed record OpenMultipart(string Slot, DateTimeOffset Until)
{
    private const string Prefix = "multipart-";

    /// <summary>What such row keys begin with, and the first text that comes after all of them.</summary>
    public static readonly (string First, string After) Slots = (Prefix, "multipart.");

    public static OpenMultipart New(NewId newId, DateTimeOffset until) => new(Prefix + newId(), until);
}
