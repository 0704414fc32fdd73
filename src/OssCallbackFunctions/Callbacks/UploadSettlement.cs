using Oss.Protocol;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Limits;

namespace OssCallbackFunctions.Callbacks;

/// <summary>What became of an entry of the ledger.</summary>
public enum LedgerSettlement
{
    /// <summary>It came too soon: it is armed again.</summary>
    NotDue,

    /// <summary>Nothing was left to do.</summary>
    Settled,

    /// <summary>The upload was recorded, but not told: now it is.</summary>
    Healed,

    /// <summary>The callback that could not be checked in time is right: recorded and told.</summary>
    Verified,

    /// <summary>The object is there although no callback said so: recorded and told.</summary>
    Found,

    /// <summary>The credential is over and there is no object of this upload yet, but one that was begun in time may still come: it is looked for again when the grant is over.</summary>
    Awaited,

    /// <summary>There is no object of this upload: recorded.</summary>
    Expired,

    /// <summary>The object is not the one the callback told of; the grant's own entry sees to what is there.</summary>
    ObjectDiffers,
}

/// <summary>Decides what became of a grant whose entry in the ledger is due. Doing it twice is doing it once.</summary>
public sealed class UploadSettlement(
    UploadLedger ledger, UploadRecords records, ToldObjects objects, UploadRetention retention, UploadMarks marks, UploadLimits limits, OssClient oss, TimeProvider clock)
{
    // OSS's clock and ours, both kept by NTP; beside it OSS tells whole seconds. An object is taken that seems older than its credential by as much as OSS lets a clock be wrong: better one
    // that was there shortly before, and that nobody was told of, than none.
    private static readonly TimeSpan UsualSkew = TimeSpan.FromSeconds(5);

    /// <summary>Settles an entry, if it is due.</summary>
    /// <returns>What became of it, and what is to be left in the ledger for later; null: nothing.</returns>
    internal async Task<(LedgerSettlement Settlement, LedgerEntry? Left)> SettleAsync(LedgerEntry entry, CancellationToken cancellationToken)
    {
        if (!ledger.IsDue(entry))
        {
            return (LedgerSettlement.NotDue, entry);
        }

        var settlement = await SettleDueAsync(entry, cancellationToken);
        if (settlement == LedgerSettlement.Awaited || HasLastLook(entry))
        {
            return (settlement, entry.ForLastLook);
        }

        if (entry.MultipartId is { } multipart)
        {
            // Unless it was completed: then there is none.
            await oss.AbortMultipartUploadAsync(entry.Bucket, entry.Key, multipart, cancellationToken);
            await limits.CloseAsync(entry.Caller, entry.Slot);
        }

        return (settlement, null);
    }

    // Whatever is recorded by the first look: until the grant is over a multipart upload may be open, and an object replaced.
    private static bool HasLastLook(LedgerEntry entry) => entry.CredentialEnds is not null && (entry.MultipartId is not null || entry.MayReplace);

    private async Task<LedgerSettlement> SettleDueAsync(LedgerEntry entry, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(entry.Id, cancellationToken) is { } known)
        {
            // A pending callback's entry comes beside the grant's own, whose last look sees to this.
            if (entry.Callback is null && !HasLastLook(entry))
            {
                await retention.LeaveAsync(entry, known, cancellationToken);
            }

            var settled = await records.TellAsync(known, cancellationToken) ? LedgerSettlement.Healed : LedgerSettlement.Settled;
            return entry is { MayReplace: true, Callback: null } ? await SettleLaterAsync(entry, known, cancellationToken) ?? settled : settled;
        }

        var head = await oss.HeadObjectAsync(entry.Bucket, entry.Key, cancellationToken);
        if (entry.Callback is { } claimed)
        {
            var callback = new UploadCallback(entry.Bucket, entry.Key, claimed.ETag, claimed.Size, claimed.Crc64, claimed.Operation, claimed.RequestId) { Claims = claimed.Claims };
            if (callback.Agrees(head))
            {
                return await RecordAsync(UploadEvent.Verified(entry.Grant, callback, head, clock.GetUtcNow()), head, entry.Expires, LedgerSettlement.Verified, cancellationToken);
            }

            await marks.RejectedAsync(entry.Id, entry.Bucket, entry.Key, CallbackVerification.ObjectDiffers);
            return LedgerSettlement.ObjectDiffers;
        }

        if (await TakeFoundAsync(entry, head, cancellationToken) is { } taken)
        {
            return taken;
        }

        if (entry.CredentialEnds is not null)
        {
            return LedgerSettlement.Awaited;
        }

        // When it is no more so, a callback was recorded this moment: see that it is told, too.
        await retention.LeaveAsync(entry, clock.GetUtcNow(), cancellationToken);
        return await records.ExpireAsync(entry, clock.GetUtcNow(), cancellationToken) ? LedgerSettlement.Expired : await SettleDueAsync(entry, cancellationToken);
    }

    // One callback is believed of a credential: what took the place of its object is for the ledger to tell of.
    private async Task<LedgerSettlement?> SettleLaterAsync(LedgerEntry entry, UploadRecord known, CancellationToken cancellationToken)
    {
        if (known.Happened is not { } happened || await oss.HeadObjectAsync(entry.Bucket, entry.Key, cancellationToken) is not { } head || head.ETag.Trim('"') == happened.Data.ETag)
        {
            return null;
        }

        var later = entry.OfLater(head.ETag.Trim('"'));
        return await records.FindAsync(later.Id, cancellationToken) is not { } told ? await TakeFoundAsync(later, head, cancellationToken)
            : await records.TellAsync(told, cancellationToken) ? LedgerSettlement.Healed
            : null;
    }

    private async Task<LedgerSettlement?> TakeFoundAsync(LedgerEntry entry, ObjectHead? head, CancellationToken cancellationToken)
    {
        if (head?.LastModified is not { } storedAt || storedAt < entry.Issued - OssLimits.MaxClockSkew)
        {
            return null;
        }

        // What seems older may have been there before: then no upload at all may have been told of with these bytes.
        var lent = DateTimeOffset.FromUnixTimeSeconds(entry.Issued!.Value.ToUnixTimeSeconds()) - UsualSkew;
        var since = storedAt < lent ? DateTimeOffset.UnixEpoch : lent;
        var found = UploadEvent.Found(entry, head, clock.GetUtcNow());
        // Before the object is taken: should nothing be recorded after that, its row is removed all the same.
        await retention.LeaveAsync(found.Data, storedAt, entry.Expires, found.Time, cancellationToken);
        return await objects.ClaimFoundAsync(found.Data, storedAt, since, cancellationToken)
            ? await RecordAsync(found, head, entry.Expires, LedgerSettlement.Found, cancellationToken)
            : null;
    }

    // Once it is verified it is recorded and told, whether the host stops or not.
    private async Task<LedgerSettlement> RecordAsync(UploadEvent happened, ObjectHead head, DateTimeOffset expires, LedgerSettlement settlement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (verification, _) = await records.RecordAsync(happened, head.LastModified, expires, CancellationToken.None);
        if (verification == CallbackVerification.GrantUsed)
        {
            await marks.RejectedAsync(happened.Data.UploadId, happened.Data.Bucket, happened.Data.Key, verification);
        }

        return verification == CallbackVerification.Verified ? settlement : LedgerSettlement.Settled;
    }
}
