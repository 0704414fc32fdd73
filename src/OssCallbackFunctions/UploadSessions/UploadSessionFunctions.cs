using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.UploadSessions;

/// <summary>LEND: one endpoint for all kinds of credential, with a capability URL for the browser.</summary>
public sealed class UploadSessionFunctions(UploadLending lending, UploadCallers callers, CredentialMetrics metrics, ILogger<UploadSessionFunctions> logger)
{
    /// <summary>Lends a credential of the kind wanted, or of the kind that fits the size.</summary>
    [Function("UploadSession")]
    public Task<HttpResponseData> LendAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "uploads")] HttpRequestData request, CancellationToken cancellationToken) =>
        request.OnceAsync(
            logger,
            async (request, cancellationToken) =>
            {
                using var activity = CredentialTrace.Start();
                var caller = callers.Of(request);
                var asked = await request.ReadJsonAsync(CredentialJson.Default.UploadCredentialRequest, cancellationToken);
                var answer = caller.Problem is { } unknown ? unknown
                    : asked.Problem is { } problem ? problem
                    : await lending.LendAsync(CredentialTrace.Of(activity, asked.Value!, request), caller.Value!.Name, cancellationToken);
                metrics.CountRefused(answer.Problem);
                return Answer.Of(answer, HttpStatusCode.OK, UploadSessionJson.Default.UploadAnswer);
            },
            cancellationToken);
}
