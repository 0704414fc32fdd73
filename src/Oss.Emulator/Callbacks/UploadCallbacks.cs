using System.Text;
using Microsoft.Extensions.Logging;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>Calls back after an object was stored, and answers the uploader with what the callback server said, or with HTTP 203: the object stays either way.</summary>
internal sealed class UploadCallbacks
{
    private readonly CallbackRequest _request;
    private readonly CallbackCaller _caller;
    private readonly Recording<RecordedCallback> _callbacks;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;

    public UploadCallbacks(
        CallbackRequest request, CallbackCaller caller, Recording<RecordedCallback> callbacks, TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        _request = request;
        _caller = caller;
        _callbacks = callbacks;
        _clock = clock;
        _logger = logger;
        _stopping = stopping;
    }

    /// <summary>Calls the URLs in turn until one answers properly, and replies. An uploader that leaves meanwhile changes nothing.</summary>
    public async Task AnswerAsync(OssCall call, ObjectRecord record, CallbackParameter callback)
    {
        var outcome = await CallAsync(call, record, callback);
        await (outcome.IsSuccess
            ? Reply.BytesAsync(call, 200, outcome.Reply, outcome.ContentType)
            : Reply.ErrorAsync(call, new OssError(OssErrorCode.CallbackFailed, outcome.FailureMessage!, outcome.Ec)));
    }

    private async Task<CallbackOutcome> CallAsync(OssCall call, ObjectRecord record, CallbackParameter callback)
    {
        var fault = call.CallbackFault;
        var timeout = CallbackOutcome.Timeout(CallbackUrl.Parse(callback.Urls[^1]), _caller.Timeout, _caller.Timeout);
        if (fault.Drop is not CallbackDrop.None)
        {
            return fault.Drop is CallbackDrop.AsTimeout ? timeout : CallbackOutcome.NoConnection();
        }

        var outcome = CallAfterAsync(fault, call.Bucket, new CallbackVariables(call, record, callback), record, callback);
        if (fault.Delay < _caller.Timeout)
        {
            return await outcome;
        }

        await Task.Delay(_caller.Timeout, _clock, _stopping);
        return timeout;
    }

    private async Task<CallbackOutcome> CallAfterAsync(CallbackFault fault, Bucket bucket, CallbackVariables variables, ObjectRecord record, CallbackParameter callback)
    {
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, _clock, _stopping);
        }

        if (callback.Body.Contains("${imageInfo.", StringComparison.Ordinal))
        {
            using var stored = bucket.Objects.Hold(record.Key);
            if (stored is null)
            {
                return CallbackOutcome.NoImageInfo();
            }

            variables.Image = await ImageInfo.ReadAsync((offset, length) => stored.PieceAsync(offset, length, _stopping));
        }

        var body = CallbackBody.Fill(callback.Body, callback.BodyType, variables.Find);
        var outcome = CallbackOutcome.NoConnection();
        foreach (var url in callback.Urls)
        {
            outcome = await CallAsync(url, fault, variables, record, callback, body);
            if (outcome.IsSuccess)
            {
                break;
            }
        }

        return outcome;
    }

    private async Task<CallbackOutcome> CallAsync(
        string url, CallbackFault fault, CallbackVariables variables, ObjectRecord record, CallbackParameter callback, string body)
    {
        var parts = CallbackUrl.Parse(url);
        var request = _request.Write(parts, callback, body, variables.Bucket, variables.RequestId, fault);
        CallbackOutcome? first = null;
        for (var calls = fault.IsDoubled ? 2 : 1; calls > 0; calls--)
        {
            var started = _clock.GetTimestamp();
            var outcome = await _caller.CallAsync(parts, callback.Sni, request, _stopping);
            first ??= outcome;
            _callbacks.Add(new RecordedCallback(
                url, variables.Bucket, record.Key, outcome.Status, outcome.Reply.Length > 0 ? Encoding.UTF8.GetString(outcome.Reply) : null,
                outcome.IsSuccess, outcome.FailureMessage, _clock.GetUtcNow(), variables.RequestId, body, _clock.GetElapsedTime(started)));
            Log.CalledBack(_logger, parts.Origin, outcome.FailureMessage ?? "200");
        }

        return first!;
    }
}
