using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// Decides whether a callback is believed. Cheapest proof first: OSS's signature, our grant, the object itself; then it is recorded once and told once.
/// </summary>
public sealed class UploadCallbackVerifier
{
    private readonly CallbackPublicKeys _keys;
    private readonly CallbackAddress _address;
    private readonly UploadGrants _grants;
    private readonly OssClient _oss;
    private readonly UploadRecords _records;
    private readonly TimeProvider _clock;
    private readonly string _bucket;
    private readonly TimeSpan _storageCheckTimeout;

    /// <summary>A verifier for uploads to the bucket in the options.</summary>
    public UploadCallbackVerifier(
        CallbackPublicKeys keys, CallbackAddress address, UploadGrants grants, OssClient oss, UploadRecords records, TimeProvider clock,
        IOptions<OssOptions> ossOptions, IOptions<CallbackOptions> options)
    {
        _keys = keys;
        _address = address;
        _grants = grants;
        _oss = oss;
        _records = records;
        _clock = clock;
        _bucket = ossOptions.Value.Bucket;
        _storageCheckTimeout = options.Value.StorageCheckTimeout;
    }

    /// <summary>Checks a callback and, when it is believed, records and tells it.</summary>
    /// <param name="token">The grant's token in the path.</param>
    /// <param name="query">Raw query with its "?", or "".</param>
    /// <param name="body">Raw body.</param>
    /// <param name="authorization">Authorization header.</param>
    /// <param name="keyUrl">x-oss-pub-key-url header.</param>
    /// <param name="cancellationToken">Ends the check. Once the object is verified it is recorded and told, whether OSS still waits or not.</param>
    /// <returns>The outcome; what was told when it is Verified, and the grant's id when it is ours.</returns>
    public async Task<(CallbackVerification Verification, string? UploadId, UploadEventData? Told)> VerifyAsync(
        string token, string query, ReadOnlyMemory<byte> body, string? authorization, string? keyUrl, CancellationToken cancellationToken)
    {
        if (await _keys.FindAsync(keyUrl, cancellationToken) is not { } key)
        {
            return (CallbackVerification.KeyRefused, null, null);
        }

        if (!key.Verify(_address.SignedTarget(token, query), body.Span, authorization))
        {
            return (CallbackVerification.SignatureRefused, null, null);
        }

        if (!UploadCallback.TryParse(body.Span, out var callback))
        {
            return (CallbackVerification.BodyRefused, null, null);
        }

        UploadGrant? grant = null;
        var state = callback.Bucket == _bucket ? _grants.Check(token, callback.Bucket, callback.Key, out grant) : GrantState.Forged;
        if (state != GrantState.Valid)
        {
            return (state == GrantState.Expired ? CallbackVerification.GrantExpired : CallbackVerification.GrantForged, grant?.Id, null);
        }

        var (verification, head) = await CheckObjectAsync(callback, cancellationToken);
        if (verification != CallbackVerification.Verified)
        {
            return (verification, grant!.Id, null);
        }

        var happened = UploadEvent.Verified(grant!, callback, head!, _clock.GetUtcNow());
        return await _records.RecordAsync(happened, CancellationToken.None)
            ? (CallbackVerification.Verified, grant!.Id, happened.Data)
            : (CallbackVerification.GrantUsed, grant!.Id, null);
    }

    private async Task<(CallbackVerification Verification, ObjectHead? Head)> CheckObjectAsync(UploadCallback callback, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_storageCheckTimeout);
        try
        {
            var head = await _oss.HeadObjectAsync(callback.Bucket, callback.Key, deadline.Token);
            return head is not null && head.Size == callback.Size && head.ETag.Trim('"') == callback.ETag
                && (callback.Crc64 is null || head.Crc64 is null || callback.Crc64 == head.Crc64)
                ? (CallbackVerification.Verified, head)
                : (CallbackVerification.ObjectDiffers, null);
        }
        catch (Exception e) when (e is OssException or HttpRequestException or IOException or TimeoutException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (CallbackVerification.StorageCheckFailed, null);
        }
    }
}
