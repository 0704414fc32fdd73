using System.Text;
using Microsoft.Extensions.Logging;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>Calls back after an object was stored, and answers the uploader with what the callback server said, or with HTTP 203: the object stays either way.</summary>
internal sealed class UploadCallbacks
{
    private readonly CallbackCaller _caller;
    private readonly Recording<RecordedCallback> _callbacks;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;

    public UploadCallbacks(CallbackCaller caller, Recording<RecordedCallback> callbacks, TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        _caller = caller;
        _callbacks = callbacks;
        _clock = clock;
        _logger = logger;
        _stopping = stopping;
    }

    /// <summary>Calls the URLs in turn until one answers properly, and replies. An uploader that leaves meanwhile changes nothing.</summary>
    public async Task AnswerAsync(OssCall call, ObjectRecord record, CallbackParameter callback)
    {
        var image = callback.Body.Contains("${imageInfo.", StringComparison.Ordinal) ? await ReadImageAsync(call, record) : null;
        var body = CallbackBody.Fill(callback.Body, callback.BodyType, new CallbackVariables(call, record, image, callback).Find);
        var outcome = CallbackOutcome.NoConnection();
        foreach (var url in callback.Urls)
        {
            outcome = await _caller.CallAsync(url, callback.Host, callback.BodyType, body, call.Bucket.Name, call.RequestId, _stopping);
            Record(url, call, record, outcome);
            if (outcome.FailureMessage is null)
            {
                await Reply.BytesAsync(call, 200, outcome.Reply, outcome.ContentType);
                return;
            }
        }

        await Reply.ErrorAsync(call, new OssError(OssErrorCode.CallbackFailed, outcome.FailureMessage!, outcome.Ec));
    }

    private static async Task<ImageInfo?> ReadImageAsync(OssCall call, ObjectRecord record)
    {
        using var stored = call.Bucket.Objects.Hold(record.Key);
        return stored is null ? null : ImageInfo.Read(await stored.StartAsync(ImageInfo.StartLength, CancellationToken.None));
    }

    private void Record(string url, OssCall call, ObjectRecord record, CallbackOutcome outcome)
    {
        _callbacks.Add(new RecordedCallback(
            url, call.Bucket.Name, record.Key, outcome.Status, outcome.Reply.Length > 0 ? Encoding.UTF8.GetString(outcome.Reply) : null,
            outcome.FailureMessage is null, outcome.FailureMessage, _clock.GetUtcNow()));
        Log.CalledBack(_logger, CallbackUrl.Parse(url).Origin, outcome.FailureMessage ?? "200");
    }
}
