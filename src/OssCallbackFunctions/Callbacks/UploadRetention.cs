using Microsoft.Extensions.Options;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// Sees to it that what is kept of an upload is removed. The time counts from when nothing more can come of the grant (its expiry, and the ledger's grace after it), and is not less than
/// another grant for the same upload may be about: a grant whose record is gone is refused for its age.
/// </summary>
public sealed class UploadRetention(Removals removals, IOptions<RetentionOptions> options, IOptions<LedgerOptions> ledger)
{
    private readonly TimeSpan _time = options.Value is { AllowShort: false } kept && kept.Records < UploadGrant.LongestLife ? UploadGrant.LongestLife : options.Value.Records;
    private readonly TimeSpan _grace = ledger.Value.Grace;

    /// <summary>Leaves the removal of a verified upload behind.</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="storedAt">When OSS stored the object, if it said.</param>
    /// <param name="expires">When the grant is over.</param>
    /// <param name="verifiedAt">When it was verified.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal Task LeaveAsync(UploadEventData upload, DateTimeOffset? storedAt, DateTimeOffset expires, DateTimeOffset verifiedAt, CancellationToken cancellationToken) =>
        removals.LeaveAsync(Of(upload, storedAt, expires, verifiedAt), cancellationToken);

    /// <summary>Leaves the removal of an upload behind that was recorded before its entry in the ledger came due.</summary>
    internal Task LeaveAsync(LedgerEntry entry, UploadRecord known, CancellationToken cancellationToken) => known.Happened is { } happened
        ? LeaveAsync(happened.Data, known.StoredAt, entry.Expires, happened.Time, cancellationToken)
        : LeaveAsync(entry, entry.Expires, cancellationToken);

    /// <summary>Leaves the removal of an upload behind that nothing was stored of.</summary>
    internal Task LeaveAsync(LedgerEntry unused, DateTimeOffset time, CancellationToken cancellationToken) =>
        removals.LeaveAsync(new Removal([Record(unused.Id, unused.Expires, time)]), cancellationToken);

    internal Removal Of(UploadEventData upload, DateTimeOffset? storedAt, DateTimeOffset expires, DateTimeOffset verifiedAt)
    {
        var record = Record(upload.UploadId, expires, verifiedAt);
        // As long as another upload for the key, lent by then, could find the object once more, and not sooner than the record.
        return storedAt is { } stored
            ? new Removal([record, ToldObjects.RowOf(upload, stored, Later(stored + UploadGrant.LongestUploadLife + _grace, record.Due - _time) + _time)])
            : new Removal([record]);
    }

    // One that was verified and not told is not removed.
    private RowRemoval Record(string id, DateTimeOffset expires, DateTimeOffset time) =>
        new(UploadRecords.Table, id, null, Later(expires + _grace, time) + _time, UploadRecord.EventSentColumn);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
