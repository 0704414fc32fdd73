using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Callbacks;

/// <summary>RECEIVE: the endpoint that OSS calls when an object is stored.</summary>
public sealed partial class UploadCallbackFunctions(UploadCallbackVerifier verifier, CallbackAnswers answers, CallbackMetrics metrics, ILogger<UploadCallbackFunctions> logger)
{
    /// <summary>Takes a callback. Anonymous: OSS has no key of ours, and its signature is in the Authorization header.</summary>
    [Function("UploadCallback")]
    public Task<HttpResponseData> ReceiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = CallbackAddress.Route + "{*grant}")] HttpRequestData request, string? grant, CancellationToken cancellationToken) =>
        request.GuardAsync(logger, async () =>
        {
            var outcome = await metrics.MeasureAsync(async () => await request.ReadBytesAsync(cancellationToken) is { } body
                ? await verifier.VerifyAsync(grant ?? "", RawQuery(request.Url), body, Header(request, "Authorization"), Header(request, "x-oss-pub-key-url"), cancellationToken)
                : new CallbackOutcome(CallbackVerification.BodyTooLarge));
            if (answers.Of(outcome) is not { } answer)
            {
                // Why is for our log, not for whoever called.
                LogRefused(logger, outcome.Verification, outcome.Grant?.Id);
                return await request.ProblemAsync(outcome.Verification switch
                {
                    CallbackVerification.BodyTooLarge => Problem.BodyTooLarge,
                    CallbackVerification.StorageCheckFailed => Problem.Unavailable,
                    _ => Problem.CallbackRefused,
                });
            }

            LogTaken(logger, outcome.Grant?.Id, outcome.Verification, outcome.Callback?.Operation);
            return await request.JsonAsync(HttpStatusCode.OK, answer);
        });

    // Uri.Query undoes some escapes; OSS signed what it sent.
    private static string RawQuery(Uri url) => url.OriginalString.IndexOf('?', StringComparison.Ordinal) is >= 0 and var start ? url.OriginalString[start..] : "";

    private static string? Header(HttpRequestData request, string name) =>
        request.Headers.TryGetValues(name, out var values) && values.ToArray() is [var only] ? only : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "Upload {UploadId} {State}: {Operation}")]
    private static partial void LogTaken(ILogger logger, string? uploadId, CallbackVerification state, string? operation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Callback refused: {Reason}, upload {UploadId}")]
    private static partial void LogRefused(ILogger logger, CallbackVerification reason, string? uploadId);
}
