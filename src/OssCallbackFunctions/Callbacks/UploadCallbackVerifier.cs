using Azure;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// Decides whether a callback is believed. Cheapest proof first: OSS's signature, our grant, that it is used once, the object itself; then it is recorded once and told once. What cannot
/// be looked at in time is left to the ledger.
/// </summary>
public sealed class UploadCallbackVerifier
{
    private readonly CallbackPublicKeys _keys;
    private readonly CallbackAddress _address;
    private readonly UploadGrants _grants;
    private readonly OssClient _oss;
    private readonly UploadRecords _records;
    private readonly UploadLedger _ledger;
    private readonly UploadMarks _marks;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _storageCheckTimeout;

    /// <summary>A verifier for uploads to the buckets that grants are sealed for.</summary>
    public UploadCallbackVerifier(
        CallbackPublicKeys keys, CallbackAddress address, UploadGrants grants, OssClient oss, UploadRecords records, UploadLedger ledger, UploadMarks marks,
        TimeProvider clock, IOptions<CallbackOptions> options)
    {
        _keys = keys;
        _address = address;
        _grants = grants;
        _oss = oss;
        _records = records;
        _ledger = ledger;
        _marks = marks;
        _clock = clock;
        _storageCheckTimeout = options.Value.StorageCheckTimeout;
    }

    /// <summary>Checks a callback and, when it is believed, records and tells it.</summary>
    /// <param name="path">What follows the route in the path: the grant's token.</param>
    /// <param name="query">Raw query with its "?", or "".</param>
    /// <param name="body">Raw body.</param>
    /// <param name="authorization">Authorization header.</param>
    /// <param name="keyUrl">x-oss-pub-key-url header.</param>
    /// <param name="cancellationToken">Ends the check. Once the object is verified it is recorded and told, whether OSS still waits or not.</param>
    public async Task<CallbackOutcome> VerifyAsync(
        string path, string query, ReadOnlyMemory<byte> body, string? authorization, string? keyUrl, CancellationToken cancellationToken)
    {
        if (await _keys.FindAsync(keyUrl, cancellationToken) is not { } key)
        {
            return new(CallbackVerification.KeyRefused);
        }

        if (!_address.SignedTargets(path, query).Any(target => key.Verify(target, body.Span, authorization)))
        {
            return new(CallbackVerification.SignatureRefused);
        }

        if (!UploadCallback.TryParse(body.Span, out var callback))
        {
            return new(CallbackVerification.BodyRefused);
        }

        var state = _grants.Check(CallbackAddress.TokenOf(path), callback.Bucket, callback.Key, out var grant);
        if (state != GrantState.Valid)
        {
            return new(state == GrantState.Expired ? CallbackVerification.GrantExpired : CallbackVerification.GrantForged, grant);
        }

        callback = callback with { Claims = _address.Claims(grant!.Profile, callback.Further) };
        grant = grant with { TraceParent = callback.TraceParent };
        using var activity = CallbackTrace.Start(grant);
        var outcome = await ConfirmAsync(grant, callback, cancellationToken);
        if (outcome.Verification is CallbackVerification.ObjectDiffers or CallbackVerification.GrantUsed)
        {
            await _marks.RejectedAsync(grant.Id, callback.Bucket, callback.Key, outcome.Verification);
        }

        activity?.SetTag(AppMeter.Outcome, CallbackMetrics.NameOf(outcome.Verification));
        return outcome;
    }

    private async Task<CallbackOutcome> ConfirmAsync(UploadGrant grant, UploadCallback callback, CancellationToken cancellationToken)
    {
        var (isSeen, known, head) = await LookAsync(grant, callback, cancellationToken);
        return !isSeen ? new(await LeaveToLedgerAsync(grant, callback, cancellationToken), grant, callback)
            : known is not null ? await RepeatAsync(grant, callback, known)
            : callback.Agrees(head) ? await RecordAsync(grant, callback, head)
            : new(CallbackVerification.ObjectDiffers, grant);
    }

    // What was believed once needs no second proof, and gets the same answer; the same grant is good for nothing else.
    private async Task<CallbackOutcome> RepeatAsync(UploadGrant grant, UploadCallback callback, UploadRecord known)
    {
        if (!known.IsOf(callback))
        {
            return new(known.Happened is null ? CallbackVerification.GrantExpired : CallbackVerification.GrantUsed, grant, callback);
        }

        await _records.TellAsync(known, CancellationToken.None);
        return new(CallbackVerification.Verified, grant, callback, known.Happened!.Data);
    }

    private async Task<CallbackOutcome> RecordAsync(UploadGrant grant, UploadCallback callback, ObjectHead head)
    {
        var (verification, told) = await _records.RecordAsync(UploadEvent.Verified(grant, callback, head, _clock.GetUtcNow()), head.LastModified, grant.Expires, CancellationToken.None);
        return new(verification, grant, callback, told);
    }

    private async Task<(bool IsSeen, UploadRecord? Known, ObjectHead? Head)> LookAsync(UploadGrant grant, UploadCallback callback, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_storageCheckTimeout);
        try
        {
            return await _records.FindAsync(grant.Id, deadline.Token).WaitAsync(deadline.Token) is { } known
                ? (true, known, null)
                : (true, null, await _oss.HeadObjectAsync(callback.Bucket, callback.Key, deadline.Token));
        }
        catch (Exception e) when (e is OssException or AccessKeyUnavailableException or HttpRequestException or IOException or TimeoutException or RequestFailedException or AggregateException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (false, null, null);
        }
    }

    private async Task<CallbackVerification> LeaveToLedgerAsync(UploadGrant grant, UploadCallback callback, CancellationToken cancellationToken)
    {
        var claimed = new ClaimedObject(callback.ETag, callback.Size, callback.Crc64, callback.Operation, callback.RequestId, callback.Claims);
        var marking = _marks.StoredAsync(grant, callback);
        try
        {
            await _ledger.PendAsync(LedgerEntry.Pending(grant, callback.Bucket, callback.Key, claimed), cancellationToken);
            return CallbackVerification.Pending;
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or TimeoutException)
        {
            // The storage client gathers what went wrong in its attempts.
            return CallbackVerification.StorageCheckFailed;
        }
        finally
        {
            await marking;
        }
    }
}
