using System.Net;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>LEND: endpoints that apps get upload credentials from.</summary>
public sealed class UploadCredentialFunctions(UploadCredentialIssuer issuer, UploadCallers callers, CredentialLender lender, CredentialMetrics metrics, ILogger<UploadCredentialFunctions> logger)
{
    /// <summary>Lends a presigned PUT URL with a callback.</summary>
    [Function("PresignedPut")]
    public Task<HttpResponseData> PresignedPutAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "uploads/presigned-put")] HttpRequestData request, CancellationToken cancellationToken) =>
        LendAsync(request, issuer.PresignPutAsync, CredentialJson.Default.PresignedPut, cancellationToken);

    /// <summary>Lends a PostObject form with a callback.</summary>
    [Function("FormPost")]
    public Task<HttpResponseData> FormPostAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "uploads/form-post")] HttpRequestData request, CancellationToken cancellationToken) =>
        LendAsync(request, issuer.SignFormAsync, CredentialJson.Default.FormPost, cancellationToken);

    /// <summary>Lends a form in the shape of Alibaba Cloud's own samples.</summary>
    [Function("FormPolicy")]
    public Task<HttpResponseData> FormPolicyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "uploads/form-policy")] HttpRequestData request, CancellationToken cancellationToken) =>
        LendAsync(request, issuer.SignFormPolicyAsync, CredentialJson.Default.FormPolicy, cancellationToken);

    private Task<HttpResponseData> LendAsync<T>(
        HttpRequestData request, Func<UploadCredentialRequest, string?, CancellationToken, Task<Outcome<T>>> issue, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class, ILentCredential =>
        request.OnceAsync(
            logger,
            async (request, cancellationToken) =>
            {
                using var activity = CredentialTrace.Start();
                var asked = await request.ReadJsonAsync(CredentialJson.Default.UploadCredentialRequest, cancellationToken);
                var caller = callers.Of(request);
                var lent = caller.Problem is { } unknown ? unknown
                    : asked.Problem is { } problem ? problem
                    : await issue(CredentialTrace.Of(activity, asked.Value!, request), caller.Value!.Name, cancellationToken);
                var outcome = await lender.LendAsync(lent, caller.Value?.Name, cancellationToken);
                metrics.CountRefused(outcome.Problem);
                return Answer.Of(outcome, HttpStatusCode.OK, type);
            },
            cancellationToken);
}
