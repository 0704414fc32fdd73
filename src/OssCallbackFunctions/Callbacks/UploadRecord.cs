using System.Text.Json;
using Azure.Data.Tables;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>What became of an upload, as it is kept: verified, with the event that tells of it, or expired.</summary>
/// <param name="Happened">The event; null: the grant expired and there was no object.</param>
/// <param name="StoredAt">When OSS stored the object, if it said.</param>
/// <param name="IsTold">Whether the event is sent.</param>
internal sealed record UploadRecord(UploadEvent? Happened, DateTimeOffset? StoredAt, bool IsTold)
{
    public const string Row = "upload";
    public const string EventSentColumn = "EventSent";
    public const string WebhooksColumn = "Webhooks";

    private const string ExpiredColumn = "ExpiredAt";
    private const string StateColumn = "State";
    private const string ETagColumn = "ObjectETag";
    private const string StoredColumn = "StoredAt";
    private const string FoundColumn = "FoundWithoutCallback";
    private const string ExpiresColumn = "GrantExpires";
    private const string VariablesColumn = "Variables";
    private const string ClaimsColumn = "Claims";
    private const string TraceParentColumn = "TraceParent";

    // For people who look at the table; a row without it is verified.
    private const string Verified = "Verified";
    private const string Expired = "Expired";

    /// <summary>Names of the webhooks that the event was sent to.</summary>
    public IReadOnlyList<string> Webhooks { get; init; } = [];

    /// <summary>When it was found that nothing was stored; null: that is not so.</summary>
    public DateTimeOffset? ExpiredAt { get; init; }

    /// <summary>Whether it is about the same object.</summary>
    public bool IsOf(UploadEventData upload) => Happened?.Data is { } known && known.ETag == upload.ETag && known.Bucket == upload.Bucket && known.Key == upload.Key;

    /// <summary>Whether a callback says what is recorded: a repeat of the one that was believed, or the same bytes stored again.</summary>
    public bool IsOf(UploadCallback callback) => Happened?.Data is { } known && known.ETag == callback.ETag && known.Bucket == callback.Bucket && known.Key == callback.Key
        && known.Size == callback.Size && (callback.Crc64 is not { } crc || known.Crc64 is null || known.Crc64 == Crc64.ToText(crc));

    /// <summary>The row of a verified upload that nobody was told of yet.</summary>
    public static TableEntity ToEntity(UploadEvent happened, DateTimeOffset? storedAt, DateTimeOffset expires) => new(happened.Data.UploadId, Row)
    {
        [StateColumn] = Verified,
        ["Bucket"] = happened.Data.Bucket,
        ["Key"] = happened.Data.Key,
        ["Size"] = happened.Data.Size,
        [ETagColumn] = happened.Data.ETag,
        ["ContentType"] = happened.Data.ContentType,
        ["Crc64"] = happened.Data.Crc64,
        ["Operation"] = happened.Data.Operation,
        ["Profile"] = happened.Data.Profile,
        ["Subject"] = happened.Data.Subject,
        ["OssRequestId"] = happened.Data.OssRequestId,
        [FoundColumn] = happened.Data.FoundWithoutCallback,
        [VariablesColumn] = Json(happened.Data.Variables),
        [ClaimsColumn] = happened.Data.Claims is { } claims ? JsonSerializer.Serialize(claims, CallbackJson.Default.CallbackClaims) : null,
        [TraceParentColumn] = happened.TraceParent,
        [StoredColumn] = storedAt,
        ["VerifiedAt"] = happened.Time,
        [ExpiresColumn] = expires,
        [EventSentColumn] = false,
    };

    /// <summary>The row of a grant that nothing was stored with.</summary>
    public static TableEntity ToEntity(LedgerEntry unused, DateTimeOffset time) => new(unused.Id, Row)
    {
        [StateColumn] = Expired,
        ["Bucket"] = unused.Bucket,
        ["Key"] = unused.Key,
        ["Profile"] = unused.Profile,
        ["Subject"] = unused.Subject.Length > 0 ? unused.Subject : null,
        [VariablesColumn] = Json(unused.Variables),
        [ExpiredColumn] = time,
        [ExpiresColumn] = unused.Expires,
    };

    /// <summary>The mark of a row whose event is sent.</summary>
    public static TableEntity ToldEntity(string uploadId, IEnumerable<string> webhooks) => new(uploadId, Row) { [EventSentColumn] = true, [WebhooksColumn] = string.Join(';', webhooks) };

    public static UploadRecord From(TableEntity row) => row.GetString(StateColumn) == Expired
        ? new(null, null, false) { ExpiredAt = row.GetDateTimeOffset(ExpiredColumn) ?? row.Timestamp }
        : new(
            UploadEvent.Of(
                new UploadEventData(
                    row.PartitionKey, row.GetString("Profile") ?? "", row.GetString("Subject"), row.GetString("Bucket"), row.GetString("Key"), row.GetInt64("Size") ?? 0,
                    row.GetString(ETagColumn), row.GetString("ContentType"), row.GetString("Crc64"), row.GetString("Operation"), row.GetString("OssRequestId"),
                    row.GetBoolean(FoundColumn))
                {
                    Variables = row.GetString(VariablesColumn) is { } json ? JsonSerializer.Deserialize(json, CallbackJson.Default.IReadOnlyDictionaryStringString) : null,
                    Claims = row.GetString(ClaimsColumn) is { } claimed ? JsonSerializer.Deserialize(claimed, CallbackJson.Default.CallbackClaims) : null,
                },
                row.GetDateTimeOffset("VerifiedAt") ?? row.Timestamp ?? default,
                row.GetString(TraceParentColumn)),
            row.GetDateTimeOffset(StoredColumn),
            row.GetBoolean(EventSentColumn) == true)
        {
            Webhooks = row.GetString(WebhooksColumn)?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [],
        };

    private static string? Json(IReadOnlyDictionary<string, string>? variables) =>
        variables is null ? null : JsonSerializer.Serialize(variables, CallbackJson.Default.IReadOnlyDictionaryStringString);
}
