using System.Text;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.DeadLetters;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>CARRY: queues that move files into OSS.</summary>
public sealed partial class BulkUploadWorkFunctions(
    BulkUploadPlanner planner, BulkUploadRunner runner, TaskProgress progress, BulkUploadQueues queues, BulkUploadFailure failure, BulkUploadEnding ending, DeadLetterQueues deadQueues,
    DeadLetterIntake dead, TimeProvider clock, IOptions<BulkUploadOptions> options, ILogger<BulkUploadWorkFunctions> logger)
{
    // The rest is for what comes next.
    private const int ShareForNext = 3;

    /// <summary>Plans a job.</summary>
    [Function("BulkUploadPlan")]
    public async Task PlanAsync([QueueTrigger(BulkUploadQueues.Jobs)] string message, FunctionContext context, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
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

        var step = await TryPlanAsync(id, job, cancellationToken);
        if (step is UploadStep.Refused refused)
        {
            await DeadLetterAsync(refused.Problem, message, cancellationToken);
        }
        else
        {
            await GoOnAsync(step, started, cancellationToken);
        }
    }

    /// <summary>Does work for a job.</summary>
    [Function("BulkUploadWork")]
    public async Task WorkAsync([QueueTrigger(BulkUploadQueues.Work)] string message, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        await GoOnAsync(await RunAsync(Deserialize(message), cancellationToken), started, cancellationToken);
    }

    /// <summary>Does work for an urgent job.</summary>
    [Function("BulkUploadUrgentWork")]
    public Task UrgentWorkAsync([QueueTrigger(BulkUploadQueues.UrgentWork)] string message, CancellationToken cancellationToken) => WorkAsync(message, cancellationToken);

    /// <summary>Fails what a message is about that the host gave up (its workers died, or ran out of time, again and again), and records it.</summary>
    [Function("BulkUploadWorkPoison")]
    public Task GiveUpAsync([QueueTrigger(BulkUploadQueues.PoisonedWork)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        GiveUpAsync(BulkUploadQueues.Work, message, context, cancellationToken);

    /// <summary>The same for an urgent job.</summary>
    [Function("BulkUploadUrgentWorkPoison")]
    public Task GiveUpUrgentAsync([QueueTrigger(BulkUploadQueues.PoisonedUrgentWork)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        GiveUpAsync(BulkUploadQueues.UrgentWork, message, context, cancellationToken);

    private async Task GiveUpAsync(string queue, string message, FunctionContext context, CancellationToken cancellationToken)
    {
        var letter = DeadLetter.Of(message);
        if (TryDeserialize(message) is { } task)
        {
            if (await progress.AdvancedAsync(task, cancellationToken) is { } again)
            {
                LogWorkersDied(logger, task.GetType().Name, task.JobId, again.Progress);
                await queues.SendAsync(again, null, cancellationToken);
                return;
            }

            await SendAsync(await runner.GiveUpAsync(task, cancellationToken), cancellationToken);
            letter = letter with { Code = DeadLetter.WorkerDied };
        }

        await dead.TakeAsync(queue, letter, context.BindingContext.BindingData, cancellationToken);
    }

    private async Task<UploadStep> TryPlanAsync(string id, BulkUploadJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await planner.PlanAsync(id, job, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogPlanFailed(logger, id, job.Attempt + 1, e);
            if (failure.RetryAfter(e, job.Attempt) is not { } pause)
            {
                return await ending.FailAsync(id, BulkUploadFailure.Describe(e), cancellationToken);
            }

            await queues.SendAsync(job with { Id = id, Attempt = job.Attempt + 1 }, pause, cancellationToken);
            return UploadStep.Done;
        }
    }

    private Task<UploadStep> RunAsync(BulkUploadTask task, CancellationToken cancellationToken) =>
        runner.RunAsync(task, next => queues.SendAsync(next, null, cancellationToken), cancellationToken);

    /// <summary>Does what comes next at once while this message has had little of its time: a message of its own would wait for somebody to look. Should the worker die, this one comes again.</summary>
    private async Task GoOnAsync(UploadStep step, long started, CancellationToken cancellationToken)
    {
        while (step is UploadStep.Continue { Next: { } next } && clock.GetElapsedTime(started) < options.Value.SliceBudget / ShareForNext)
        {
            step = await RunAsync(await queues.UnsentAsync(next, cancellationToken), cancellationToken);
        }

        await SendAsync(step, cancellationToken);
    }

    private async Task SendAsync(UploadStep step, CancellationToken cancellationToken)
    {
        if (step is UploadStep.Continue next)
        {
            foreach (var task in next.Tasks)
            {
                await queues.SendAsync(task, next.Delay, cancellationToken);
            }
        }
    }

    private static Outcome<BulkUploadJob> Read(string message)
    {
        try
        {
            return StrictJson.Deserialize(Encoding.UTF8.GetBytes(message), BulkUploadJson.Default.BulkUploadJob) is not { } job ? Problem.InvalidJson.With("The message is null.")
                : job.Refuse() is { } problem ? problem
                : job;
        }
        catch (JsonException e)
        {
            return Problem.InvalidJson.With(JsonReply.Where(e));
        }
    }

    // Our own messages; one that cannot be read fails until the host gives it up.
    private static BulkUploadTask Deserialize(string message) =>
        JsonSerializer.Deserialize(message, BulkUploadJson.Default.BulkUploadTask) ?? throw new JsonException("The message is null.");

    private static BulkUploadTask? TryDeserialize(string message)
    {
        try
        {
            return Deserialize(message);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private async Task DeadLetterAsync(Problem problem, string message, CancellationToken cancellationToken)
    {
        LogDeadLetter(logger, BulkUploadQueues.Jobs, problem.Code);
        await deadQueues.BuryAsync(BulkUploadQueues.Jobs, new DeadLetter(1, problem.Code, problem.Detail ?? problem.Title, message), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A message on {Queue} cannot be used ({Code}); it goes to the dead letters")]
    private static partial void LogDeadLetter(ILogger logger, string queue, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The workers that had a {Task} of bulk upload {JobId} died again and again; the others get on ({Progress}), so it is tried again")]
    private static partial void LogWorkersDied(ILogger logger, string task, string jobId, int progress);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bulk upload {JobId} could not be planned, attempt {Attempt}")]
    private static partial void LogPlanFailed(ILogger logger, string jobId, int attempt, Exception exception);
}
