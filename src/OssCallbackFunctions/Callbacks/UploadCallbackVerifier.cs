using Azure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// Decides whether a callback is believed. Cheapest proof first: OSS's signature, our grant, that it is used once, the object itself; then it is recorded once and told once. What cannot
/// be looked at or recorded in time is left to the ledger.
/// </summary>
public sealed partial class UploadCallbackVerifier
{
    // Time is left then to leave the callback in the ledger, whose queue may answer when tables do not.
    private static readonly TimeSpan RecordCheckTime = CallbackOptions.AnswerTime / 2;

    private readonly CallbackPublicKeys _keys;
    private readonly CallbackAddress _address;
    private readonly UploadGrants _grants;
    private readonly OssClient _oss;
    private readonly UploadRecords _records;
    private readonly UploadLedger _ledger;
    private readonly UploadMarks _marks;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TimeSpan _storageCheckTimeout;

    /// <summary>A verifier for uploads to the buckets that grants are sealed for.</summary>
    public UploadCallbackVerifier(
        CallbackPublicKeys keys, CallbackAddress address, UploadGrants grants, OssClient oss, UploadRecords records, UploadLedger ledger, UploadMarks marks,
        TimeProvider clock, IOptions<CallbackOptions> options, ILogger<UploadCallbackVerifier> logger)
    {
        _keys = keys;
        _address = address;
        _grants = grants;
        _oss = oss;
        _records = records;
        _ledger = ledger;
        _marks = marks;
        _clock = clock;
        _logger = logger;
        _storageCheckTimeout = options.Value.StorageCheckTimeout;
    }

    /// <summary>Checks a callback and, when it is believed, records and tells it.</summary>
    /// <param name="path">What follows the route in the path: the grant's token.</param>
    /// <param name="query">Raw query with its "?", or "".</param>
    /// <param name="body">Raw body.</param>
    /// <param name="authorization">Authorization header.</param>
    /// <param name="keyUrl">x-oss-pub-key-url header.</param>
    /// <param name="cancellationToken">Ends the check. Once the object is verified it is recorded and told, whether OSS still waits or not.</param>
    /// <returns>The outcome, after <see cref="CallbackOptions.AnswerTime"/> at the latest, and a second more when a refusal is marked.</returns>
    public async Task<CallbackOutcome> VerifyAsync(
        string path, string query, ReadOnlyMemory<byte> body, string? authorization, string? keyUrl, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(CallbackOptions.AnswerTime);
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
        _records.Open();
        var outcome = await ConfirmAsync(grant, callback, deadline.Token, cancellationToken);
        if (outcome.Verification is CallbackVerification.ObjectDiffers or CallbackVerification.GrantUsed)
        {
            await _marks.RejectedAsync(grant.Id, callback.Bucket, callback.Key, outcome.Verification);
        }

        activity?.SetTag(AppMeter.Outcome, CallbackMetrics.NameOf(outcome.Verification));
        return outcome;
    }

    private async Task<CallbackOutcome> ConfirmAsync(UploadGrant grant, UploadCallback callback, CancellationToken deadline, CancellationToken cancellationToken)
    {
        var (isSeen, known, head) = await LookAsync(grant, callback, deadline, cancellationToken);
        return !isSeen ? new(await LeaveToLedgerAsync(grant, callback, deadline, cancellationToken), grant, callback)
            : known is not null ? await InTimeAsync(RepeatAsync(grant, callback, known), grant, callback, deadline)
            : callback.Agrees(head) ? await InTimeAsync(RecordAsync(grant, callback, head), grant, callback, deadline)
            : new(CallbackVerification.ObjectDiffers, grant);
    }

    // OSS does not wait for the rest, which goes on. Whatever becomes of it, the credential's own entry in the ledger is there.
    private async Task<CallbackOutcome> InTimeAsync(Task<CallbackOutcome> recording, UploadGrant grant, UploadCallback callback, CancellationToken deadline)
    {
        try
        {
            return await recording.WaitAsync(deadline);
        }
        catch (OperationCanceledException) when (!recording.IsCompleted)
        {
            _ = ObserveAsync(recording, grant);
            return new(_ledger.IsEnabled ? CallbackVerification.Pending : CallbackVerification.StorageCheckFailed, grant, callback);
        }
    }

    private async Task ObserveAsync(Task recording, UploadGrant grant)
    {
        try
        {
            await recording;
        }
        catch (Exception e)
        {
            LogUnrecorded(_logger, grant.Id, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Upload {UploadId} was answered before it was recorded, which then failed: the ledger sees to it")]
    private static partial void LogUnrecorded(ILogger logger, string uploadId, Exception exception);

    // What was believed once needs no second proof, and gets the same answer; the same grant is good for nothing else.
    private async Task<CallbackOutcome> RepeatAsync(UploadGrant grant, UploadCallback callback, UploadRecord known)
    {
        if (!known.IsOf(callback))
        {
            return new(known.Happened is null ? CallbackVerification.GrantExpired : CallbackVerification.GrantUsed, grant, callback);
        }

        await _records.TellAsync(known, CancellationToken.None, isSeenAgain: _ledger.IsEnabled);
        return new(CallbackVerification.Verified, grant, callback, known.Happened!.Data);
    }

    private async Task<CallbackOutcome> RecordAsync(UploadGrant grant, UploadCallback callback, ObjectHead head)
    {
        var (verification, told) = await _records.RecordAsync(UploadEvent.Verified(grant, callback, head, _clock.GetUtcNow()), head.LastModified, grant.Expires, CancellationToken.None, isSeenAgain: _ledger.IsEnabled);
        return new(verification, grant, callback, told);
    }

    private async Task<(bool IsSeen, UploadRecord? Known, ObjectHead? Head)> LookAsync(UploadGrant grant, UploadCallback callback, CancellationToken deadline, CancellationToken cancellationToken)
    {
        using var finding = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        using var looking = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        finding.CancelAfter(RecordCheckTime);
        try
        {
            if (await _records.FindAsync(grant.Id, finding.Token).WaitAsync(finding.Token) is { } known)
            {
                return (true, known, null);
            }

            looking.CancelAfter(_storageCheckTimeout);
            return (true, null, await _oss.HeadObjectAsync(callback.Bucket, callback.Key, looking.Token));
        }
        catch (Exception e) when (e is OssException or AccessKeyUnavailableException or HttpRequestException or IOException or TimeoutException or RequestFailedException or AggregateException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (false, null, null);
        }
    }

    private async Task<CallbackVerification> LeaveToLedgerAsync(UploadGrant grant, UploadCallback callback, CancellationToken deadline, CancellationToken cancellationToken)
    {
        var claimed = new ClaimedObject(callback.ETag, callback.Size, callback.Crc64, callback.Operation, callback.RequestId, callback.Claims);
        var marking = _marks.StoredAsync(grant, callback);
        try
        {
            await _ledger.PendAsync(LedgerEntry.Pending(grant, callback.Bucket, callback.Key, claimed), deadline);
            return CallbackVerification.Pending;
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
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
