using System.Net;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>CARRY: endpoints that take jobs, tell of them and change them.</summary>
public sealed class BulkUploadFunctions(BulkUploadDesk desk, BulkUploadView view, ILogger<BulkUploadFunctions> logger)
{
    private const string Jobs = "bulk-uploads";
    private const string Job = Jobs + "/{id}";

    /// <summary>Takes a job.</summary>
    [Function("BulkUploadSubmit")]
    public Task<HttpResponseData> SubmitAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Jobs)] HttpRequestData request, CancellationToken cancellationToken) =>
        request.OnceAsync(
            logger,
            async (request, cancellationToken) =>
            {
                using var activity = BulkTrace.StartSubmission();
                var job = await request.ReadJsonAsync(BulkUploadJson.Default.BulkUploadJob, cancellationToken);

                // A job without an id has that of its idempotency key: it is one job, even if the worker that took it died before it answered.
                var accepted = job.Problem is { } problem ? problem : await desk.AcceptAsync(job.Value! with { Id = job.Value.Id ?? request.Operation() }, activity?.Id ?? TraceParent.OfOrNew(request), cancellationToken);
                if (accepted.Value is not { Id: var id })
                {
                    return ProblemReply.AnswerOf(accepted.Problem!);
                }

                activity?.SetTag(BulkTrace.JobId, id);
                var status = $"{request.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{id}";
                return Answer.Json(HttpStatusCode.Accepted, new BulkUploadAccepted(id, status), BulkUploadJson.Default.BulkUploadAccepted)
                    .With("Location", status).With("Operation-Location", status).With("Retry-After", "1");
            },
            cancellationToken);

    /// <summary>Lists jobs, the newest first.</summary>
    [Function("BulkUploadList")]
    public Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Jobs)] HttpRequestData request, CancellationToken cancellationToken) =>
        ReplyAsync(request, () => view.ListAsync(request.Query["state"], request.Query["after"], request.Query["count"], cancellationToken), BulkUploadJson.Default.BulkUploadList);

    /// <summary>Tells how far a job is.</summary>
    [Function("BulkUploadStatus")]
    public Task<HttpResponseData> StatusAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Job)] HttpRequestData request, string id, CancellationToken cancellationToken) =>
        ReplyAsync(request, () => view.FindAsync(id, cancellationToken), BulkUploadJson.Default.BulkUploadStatus);

    /// <summary>Lists the objects of a job.</summary>
    [Function("BulkUploadObjects")]
    public Task<HttpResponseData> ObjectsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Job + "/objects")] HttpRequestData request, string id, CancellationToken cancellationToken) =>
        ReplyAsync(request, () => view.ObjectsAsync(id, request.Query["state"], request.Query["after"], request.Query["count"], cancellationToken), BulkUploadJson.Default.UploadObjectList);

    /// <summary>Changes priority, bandwidth or objects in flight of a job that runs.</summary>
    [Function("BulkUploadChange")]
    public Task<HttpResponseData> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = Job)] HttpRequestData request, string id, CancellationToken cancellationToken) =>
        ReplyAsync(
            request,
            async () =>
            {
                var change = await request.ReadJsonAsync(BulkUploadJson.Default.BulkUploadChange, cancellationToken);
                return change.Problem is { } problem ? problem : await desk.ChangeAsync(id, change.Value!, cancellationToken);
            },
            BulkUploadJson.Default.BulkUploadStatus);

    /// <summary>Pauses, resumes or cancels a job, or has its failures tried again.</summary>
    [Function("BulkUploadControl")]
    public Task<HttpResponseData> ControlAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Job + "/{action:regex(^(pause|resume|cancel|retry)$)}")] HttpRequestData request, string id, string action,
        CancellationToken cancellationToken) =>
        ReplyAsync(
            request,
            () => action switch
            {
                "pause" => desk.PauseAsync(id, cancellationToken),
                "resume" => desk.ResumeAsync(id, cancellationToken),
                "cancel" => desk.CancelAsync(id, cancellationToken),
                _ => desk.RetryAsync(id, cancellationToken),
            },
            BulkUploadJson.Default.BulkUploadStatus,
            HttpStatusCode.Accepted);

    private Task<HttpResponseData> ReplyAsync<T>(HttpRequestData request, Func<Task<Outcome<T>>> act, JsonTypeInfo<T> type, HttpStatusCode status = HttpStatusCode.OK)
        where T : class =>
        request.GuardAsync(logger, async () =>
        {
            var outcome = await act();
            return outcome.Problem is { } problem ? await request.ProblemAsync(problem) : await request.JsonAsync(status, outcome.Value!, type);
        });
}
