using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>CARRY: endpoints and queues that move files into OSS.</summary>
public sealed partial class BulkUploadFunctions(
    BulkUploadDesk desk, BulkUploadPlanner planner, SliceTransfer transfer, BulkUploadCompletion completion, BulkUploadRunner runner, BulkUploadQueues queues,
    ILogger<BulkUploadFunctions> logger)
{
    /// <summary>Takes a job.</summary>
    [Function("BulkUploadSubmit")]
    public Task<HttpResponseData> SubmitAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "bulk-uploads")] HttpRequestData request, CancellationToken cancellationToken) =>
        request.GuardAsync(logger, async () =>
        {
            var job = await request.ReadJsonAsync(BulkUploadJson.Default.BulkUploadJob, cancellationToken);
            var accepted = job.Problem is { } problem ? problem : await desk.AcceptAsync(job.Value!, cancellationToken);
            if (accepted.Problem is { } refusal)
            {
                return await request.ProblemAsync(refusal);
            }

            var status = $"{request.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{accepted.Value!.Id}";
            var response = await request.JsonAsync(HttpStatusCode.Accepted, new BulkUploadAccepted(accepted.Value.Id, status), BulkUploadJson.Default.BulkUploadAccepted);
            response.Headers.Add("Location", status);
            response.Headers.Add("Retry-After", "1");
            return response;
        });

    /// <summary>Tells how far a job is.</summary>
    [Function("BulkUploadStatus")]
    public Task<HttpResponseData> StatusAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "bulk-uploads/{id}")] HttpRequestData request, string id, CancellationToken cancellationToken) =>
        request.GuardAsync(logger, async () =>
        {
            var found = await desk.FindAsync(id, cancellationToken);
            return found.Problem is { } problem
                ? await request.ProblemAsync(problem)
                : await request.JsonAsync(HttpStatusCode.OK, found.Value!, BulkUploadJson.Default.BulkUploadStatus);
        });

    /// <summary>Plans a job.</summary>
    [Function("BulkUploadPlan")]
    public async Task PlanAsync([QueueTrigger(BulkUploadQueues.Jobs)] string message, FunctionContext context, CancellationToken cancellationToken)
    {
        if (await ReadAsync(BulkUploadQueues.Jobs, message, BulkUploadJson.Default.BulkUploadJob, cancellationToken) is not { } job)
        {
            return;
        }

        // A document without an id is the same job each time its message comes: the message has an id too.
        var id = job.Id ?? MessageId(context);
        if (job.Refuse() is { } problem)
        {
            await DeadLetterAsync(BulkUploadQueues.Jobs, new DeadLetter(1, problem.Code, problem.Detail ?? problem.Title, message), cancellationToken);
            return;
        }

        await RunAsync(id, context, () => planner.PlanAsync(id, job, cancellationToken), cancellationToken);
    }

    /// <summary>Sends the parts of a slice.</summary>
    [Function("BulkUploadSlice")]
    public async Task TransferAsync([QueueTrigger(BulkUploadQueues.Slices)] string message, FunctionContext context, CancellationToken cancellationToken)
    {
        if (await ReadAsync(BulkUploadQueues.Slices, message, BulkUploadJson.Default.UploadSlice, cancellationToken) is { } slice)
        {
            await RunAsync(slice.JobId, context, () => transfer.TransferAsync(slice, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Makes an object of its parts.</summary>
    [Function("BulkUploadComplete")]
    public async Task CompleteAsync([QueueTrigger(BulkUploadQueues.Completions)] string message, FunctionContext context, CancellationToken cancellationToken)
    {
        if (await ReadAsync(BulkUploadQueues.Completions, message, BulkUploadJson.Default.UploadCompletion, cancellationToken) is { } complete)
        {
            await RunAsync(complete.JobId, context, () => completion.CompleteAsync(complete, MessageId(context), cancellationToken), cancellationToken);
        }
    }

    private static string MessageId(FunctionContext context) => context.BindingContext.BindingData["Id"]!.ToString()!;

    private async Task RunAsync(string jobId, FunctionContext context, Func<Task<UploadStep>> step, CancellationToken cancellationToken)
    {
        var attempt = int.Parse(context.BindingContext.BindingData["DequeueCount"]!.ToString()!, CultureInfo.InvariantCulture);
        if (await runner.RunAsync(jobId, attempt, step, cancellationToken) is not UploadStep.Continue next)
        {
            return;
        }

        foreach (var slice in next.Slices)
        {
            await queues.SendAsync(slice, cancellationToken);
        }

        if (next.Completion is { } completionMessage)
        {
            await queues.SendAsync(completionMessage, cancellationToken);
        }
    }

    private async Task<T?> ReadAsync<T>(string queue, string message, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            if (JsonSerializer.Deserialize(message, type) is { } read)
            {
                return read;
            }

            await DeadLetterAsync(queue, new DeadLetter(1, Problem.InvalidJson.Code, "The message is null.", message), cancellationToken);
        }
        catch (JsonException e)
        {
            await DeadLetterAsync(queue, new DeadLetter(1, Problem.InvalidJson.Code, e.Message, message), cancellationToken);
        }

        return null;
    }

    private async Task DeadLetterAsync(string queue, DeadLetter letter, CancellationToken cancellationToken)
    {
        LogDeadLetter(logger, queue, letter.Code);
        await queues.DeadLetterAsync(queue, letter, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A message on {Queue} cannot be used ({Code}); it is on the poison queue now")]
    private static partial void LogDeadLetter(ILogger logger, string queue, string code);
}
