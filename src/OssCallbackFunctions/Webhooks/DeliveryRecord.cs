using System.Text.Json.Serialization;
using Azure;
using Azure.Data.Tables;

namespace OssCallbackFunctions.Webhooks;

/// <summary>State of a delivery.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>Not delivered yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The receiver answered 2xx.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>Given up.</summary>
    [JsonStringEnumMemberName("dead")]
    Dead,
}

/// <summary>How far the delivery of one event to one webhook is, as it is kept and told.</summary>
public sealed record DeliveryRecord
{
    /// <summary>Column that is false until the delivery has ended.</summary>
    internal const string SettledColumn = "Settled";

    /// <summary>Name of the webhook.</summary>
    public required string Webhook { get; init; }

    /// <summary>State.</summary>
    public DeliveryState State { get; init; }

    /// <summary>Attempts made, since it was last asked for.</summary>
    public int Attempts { get; init; }

    /// <summary>HTTP status of the last attempt; null when there was no answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong in the last attempt; null: nothing.</summary>
    public string? LastError { get; init; }

    /// <summary>When the last attempt was made.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>When the next one is made.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When the delivery was asked for, see <see cref="WebhookDelivery.Ordered"/>.</summary>
    [JsonIgnore]
    internal long Ordered { get; init; }

    /// <summary>The row as it was read.</summary>
    [JsonIgnore]
    internal ETag Version { get; init; }

    /// <summary>Whether a message about it has nothing to do any more: it has ended, or was asked for anew since.</summary>
    internal bool Outdates(WebhookDelivery delivery) => Ordered > delivery.Ordered || (Ordered == delivery.Ordered && State != DeliveryState.Pending);

    internal TableEntity ToEntity(string eventId) => new(eventId, Webhook)
    {
        ["State"] = State.ToString(),
        ["Attempts"] = Attempts,
        ["LastStatus"] = LastStatus,
        ["LastError"] = LastError,
        ["LastAttemptAt"] = LastAttemptAt,
        ["NextAttemptAt"] = NextAttemptAt,
        ["Ordered"] = Ordered,
        [SettledColumn] = State != DeliveryState.Pending,
    };

    internal static DeliveryRecord From(TableEntity row) => new()
    {
        Webhook = row.RowKey,
        State = Enum.Parse<DeliveryState>(row.GetString("State")),
        Attempts = row.GetInt32("Attempts") ?? 0,
        LastStatus = row.GetInt32("LastStatus"),
        LastError = row.GetString("LastError"),
        LastAttemptAt = row.GetDateTimeOffset("LastAttemptAt"),
        NextAttemptAt = row.GetDateTimeOffset("NextAttemptAt"),
        Ordered = row.GetInt64("Ordered") ?? 0,
        Version = row.ETag,
    };
}
