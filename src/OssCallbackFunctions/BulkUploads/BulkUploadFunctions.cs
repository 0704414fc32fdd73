using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>CARRY: endpoints and queues that move files into OSS.</summary>
public sealed partial class BulkUploadFunctions(
    BulkUploadDesk desk, BulkUploadPlanner planner, SliceTransfer transfer, BulkUploadCompletion completion, BulkUploadRunner runner, BulkUploadQueues queues,
    ILogger<BulkUploadFunctions> logger)
{
    private static readonly BulkUploadError GivenUp = new("worker_died", "The workers that had a message of this job died, or ran out of time, again and again.");

    /// <summary>Takes a job.</summary>
    [Function("BulkUploadSubmit")]
    public Task<HttpResponseData> SubmitAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "bulk-uploads")] HttpRequestData request, CancellationToken cancellationToken) =>
        request.OnceAsync(
            logger,
            async (request, cancellationToken) =>
            {
                var job = await request.ReadJsonAsync(BulkUploadJson.Default.BulkUploadJob, cancellationToken);

                // A job without an id has that of its idempotency key: it is one job, even if the worker that took it died before it answered.
                var accepted = job.Problem is { } problem ? problem : await desk.AcceptAsync(job.Value! with { Id = job.Value.Id ?? request.Operation() }, cancellationToken);
                if (accepted.Value is not { Id: var id })
                {
                    return ProblemReply.AnswerOf(accepted.Problem!);
                }

                var status = $"{request.Url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{id}";
                return Answer.Json(HttpStatusCode.Accepted, new BulkUploadAccepted(id, status), BulkUploadJson.Default.BulkUploadAccepted)
                    .With("Location", status).With("Retry-After", "1");
            },
            cancellationToken);

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
        var read = Read(message);
        if (read.Problem is { } problem)
        {
            await DeadLetterAsync(problem, message, cancellationToken);
            return;
        }

        // A document without an id is the same job each time its message comes: the message has an id too.
        var job = read.Value!;
        if ((job.Id ?? context.BindingContext.BindingData["Id"]?.ToString()) is not { } id)
        {
            await DeadLetterAsync(Problem.InvalidJob.With("id is null: leave it out."), message, cancellationToken);
            return;
        }

        var step = await runner.RunAsync(id, job.Attempt, () => planner.PlanAsync(id, job, cancellationToken), cancellationToken);
        if (step is UploadStep.Refused refused)
        {
            await DeadLetterAsync(refused.Problem, message, cancellationToken);
        }
        else
        {
            await GoOnAsync(step, delay => queues.SendAsync(job with { Id = id, Attempt = job.Attempt + 1 }, delay, cancellationToken), cancellationToken);
        }
    }

    /// <summary>Sends the parts of a slice.</summary>
    [Function("BulkUploadSlice")]
    public async Task TransferAsync([QueueTrigger(BulkUploadQueues.Slices)] string message, CancellationToken cancellationToken)
    {
        var slice = Deserialize(message, BulkUploadJson.Default.UploadSlice);
        var step = await runner.RunAsync(slice.JobId, slice.Attempt, () => transfer.TransferAsync(slice, cancellationToken), cancellationToken);
        await GoOnAsync(step, delay => queues.SendAsync(slice with { Attempt = slice.Attempt + 1 }, delay, cancellationToken), cancellationToken);
    }

    /// <summary>Makes an object of its parts.</summary>
    [Function("BulkUploadComplete")]
    public async Task CompleteAsync([QueueTrigger(BulkUploadQueues.Completions)] string message, CancellationToken cancellationToken)
    {
        var complete = Deserialize(message, BulkUploadJson.Default.UploadCompletion);
        var step = await runner.RunAsync(complete.JobId, complete.Attempt, () => completion.CompleteAsync(complete, cancellationToken), cancellationToken);
        await GoOnAsync(step, delay => queues.SendAsync(complete with { Attempt = complete.Attempt + 1 }, delay, cancellationToken), cancellationToken);
    }

    /// <summary>Fails the job of a slice that the host gave up: its workers died, or ran out of time, again and again.</summary>
    [Function("BulkUploadSlicePoison")]
    public Task FailSliceAsync([QueueTrigger(BulkUploadQueues.PoisonedSlices)] string message, CancellationToken cancellationToken) =>
        runner.FailAsync(Deserialize(message, BulkUploadJson.Default.UploadSlice).JobId, GivenUp, cancellationToken);

    /// <summary>Fails the job of a completion that the host gave up.</summary>
    [Function("BulkUploadCompletePoison")]
    public Task FailCompletionAsync([QueueTrigger(BulkUploadQueues.PoisonedCompletions)] string message, CancellationToken cancellationToken) =>
        runner.FailAsync(Deserialize(message, BulkUploadJson.Default.UploadCompletion).JobId, GivenUp, cancellationToken);

    private async Task GoOnAsync(UploadStep step, Func<TimeSpan, Task> sendAgain, CancellationToken cancellationToken)
    {
        if (step is UploadStep.Retry retry)
        {
            await sendAgain(retry.Delay);
        }

        if (step is UploadStep.Continue next)
        {
            foreach (var slice in next.Slices)
            {
                await queues.SendAsync(slice, null, cancellationToken);
            }

            if (next.Completion is { } asked)
            {
                await queues.SendAsync(asked, null, cancellationToken);
            }
        }
    }

    private static Outcome<BulkUploadJob> Read(string message)
    {
        try
        {
            return JsonSerializer.Deserialize(message, BulkUploadJson.Default.BulkUploadJob) is not { } job ? Problem.InvalidJson.With("The message is null.")
                : job.Refuse() is { } problem ? problem
                : job;
        }
        catch (JsonException e)
        {
            return Problem.InvalidJson.With(JsonReply.Where(e));
        }
    }

    // Our own messages; should one not be readable, the host's poison queue keeps it.
    private static T Deserialize<T>(string message, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(message, type) ?? throw new JsonException("The message is null.");

    private async Task DeadLetterAsync(Problem problem, string message, CancellationToken cancellationToken)
    {
        LogDeadLetter(logger, BulkUploadQueues.Jobs, problem.Code);
        await queues.DeadLetterAsync(BulkUploadQueues.Jobs, new DeadLetter(1, problem.Code, problem.Detail ?? problem.Title, message), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A message on {Queue} cannot be used ({Code}); it is on the poison queue now")]
    private static partial void LogDeadLetter(ILogger logger, string queue, string code);
}
