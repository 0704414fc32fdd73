using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Callbacks;

/// <summary>RECEIVE, for apps that ask: how far an upload is.</summary>
public sealed class UploadStatusFunctions(UploadStatusDesk desk, ILogger<UploadStatusFunctions> logger)
{
    /// <summary>Tells the state of an upload.</summary>
    [Function("UploadStatus")]
    public Task<HttpResponseData> FindAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "uploads/{id}")] HttpRequestData request, string id, CancellationToken cancellationToken) =>
        request.GuardAsync(logger, async () =>
        {
            var found = await desk.FindAsync(id, cancellationToken);
            return found.Value is { } status ? await request.JsonAsync(HttpStatusCode.OK, status, UploadStatusJson.Default.UploadStatus) : await request.ProblemAsync(found.Problem!);
        });
}
