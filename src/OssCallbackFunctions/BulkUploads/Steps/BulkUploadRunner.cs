using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Carries out a message of the work queues. What goes wrong and may pass is tried again after a pause that grows; what will not, and what was tried often enough, fails the object that
/// the message is about, or else the job.
/// </summary>
public sealed partial class BulkUploadRunner(
    BulkUploadExpander expander, BulkUploadDispatcher dispatcher, PageDriver pages, SliceTransfer slices, ObjectCompletion completions, ObjectEnding objectEnding, BulkUploadEnding ending,
    BulkUploadCancellation cancellation, BulkUploadReopening reopening, BulkUploadForgetting forgetting, BulkUploadFailure failure, ILogger<BulkUploadRunner> logger)
{
    private static readonly BulkUploadError GivenUp = new("worker_died", "The workers that had a message of this job died, or ran out of time, again and again.");

    /// <summary>Carries a message out.</summary>
    /// <param name="task">The message.</param>
    /// <param name="send">Sends another at once.</param>
    /// <param name="cancellationToken">The host wants the message back: nothing is recorded, and it comes again.</param>
    internal async Task<UploadStep> RunAsync(BulkUploadTask task, Func<BulkUploadTask, Task> send, CancellationToken cancellationToken)
    {
        using var activity = BulkTrace.Start(task);
        using var quiet = BulkTrace.BeQuiet(task, activity);
        try
        {
            return task switch
            {
                ExpandTask expand => await expander.ExpandAsync(expand, cancellationToken),
                DispatchTask dispatch => await dispatcher.DispatchAsync(dispatch, cancellationToken),
                PageTask page => await pages.DriveAsync(page, send, cancellationToken),
                SliceTask slice => await slices.TransferAsync(slice, cancellationToken),
                CompletionTask completion => await completions.CompleteAsync(completion, cancellationToken),
                FinishTask finish => await ending.FinishAsync(finish, cancellationToken),
                CancelTask cancel => await cancellation.CancelAsync(cancel, cancellationToken),
                ReopenTask reopen => await reopening.ReopenAsync(reopen, cancellationToken),
                ForgetTask forget => await forgetting.ForgetAsync(forget, cancellationToken),
                _ => throw new InvalidOperationException($"There is nobody for a {task.GetType().Name}."),
            };
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var error = BulkUploadFailure.Describe(e);
            activity?.SetStatus(ActivityStatusCode.Error, error.Code);
            LogAttemptFailed(logger, task.GetType().Name, task.JobId, task.Attempt + 1, error.Code, e);
            return failure.RetryAfter(e, task.Attempt) is { } pause
                ? new UploadStep.Continue(task with { Attempt = task.Attempt + 1 }, pause)
                : await FailAsync(task, error, cancellationToken);
        }
    }

    /// <summary>Fails what a message is about that the host gave up: its workers died, or ran out of time, again and again.</summary>
    internal async Task<UploadStep> GiveUpAsync(BulkUploadTask task, CancellationToken cancellationToken)
    {
        var step = await FailAsync(task, GivenUp, cancellationToken);
        // Its object had ended: they died over what came next, which nobody does then.
        return step is UploadStep.Completed && task.Object is { } number ? await objectEnding.CallAsync(task.JobId, number, cancellationToken) : step;
    }

    private Task<UploadStep> FailAsync(BulkUploadTask task, BulkUploadError error, CancellationToken cancellationToken)
    {
        LogFailed(logger, task.GetType().Name, task.JobId, error.Code, error.Message);
        return task switch
        {
            SliceTask slice => objectEnding.FailAsync(slice.JobId, slice.Number, CompletionTask.ClaimOf(slice), error, cancellationToken),
            CompletionTask completion => objectEnding.FailAsync(completion.JobId, completion.Number, completion.Claim, error, cancellationToken),
            PageTask page => objectEnding.FailPageAsync(page, error, cancellationToken),
            // It ended long ago: what is left of it does no harm.
            ForgetTask => Task.FromResult(UploadStep.Done),
            _ => ending.FailAsync(task.JobId, error, cancellationToken),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Task} of bulk upload {JobId}: attempt {Attempt} failed with {Code}")]
    private static partial void LogAttemptFailed(ILogger logger, string task, string jobId, int attempt, string code, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Task} of bulk upload {JobId} failed with {Code}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string task, string jobId, string code, string reason);
}
