using Azure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Runs one step of a job and records what goes wrong in it. What may pass is tried again after a pause that grows; what will not, and what was tried often enough, fails
/// the job and gives its multipart upload up.
/// </summary>
public sealed partial class BulkUploadRunner(
    BulkUploadRecords records, OssClient oss, IOptions<BulkUploadOptions> options, IOptions<OssOptions> ossOptions, Jitter jitter, ILogger<BulkUploadRunner> logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    /// <param name="jobId">Id of the job.</param>
    /// <param name="attempt">Attempts made before this one.</param>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">The host wants the message back: nothing is recorded, and it comes again.</param>
    internal async Task<UploadStep> RunAsync(string jobId, int attempt, Func<Task<UploadStep>> step, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await step();
            if (outcome is UploadStep.Failed failed)
            {
                await FailAsync(jobId, failed.Error, cancellationToken);
            }

            return outcome;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var error = Describe(e);
            LogAttemptFailed(logger, jobId, attempt + 1, error.Code, e);
            if (IsPermanent(e) || attempt + 1 >= options.Value.MaxAttempts)
            {
                await FailAsync(jobId, error, cancellationToken);
                return new UploadStep.Failed(error);
            }

            await records.UpdateAsync(jobId, latest => latest.IsFinal ? null : latest with { Error = error }, cancellationToken);
            return new UploadStep.Retry(DelayAfter(attempt));
        }
    }

    /// <summary>Fails a job, unless it has ended already, and gives its multipart upload up.</summary>
    internal async Task FailAsync(string jobId, BulkUploadError error, CancellationToken cancellationToken)
    {
        var failed = await records.UpdateAsync(jobId, latest => latest.IsFinal ? null : latest with { Error = error, State = BulkUploadState.Failed }, cancellationToken);
        if (failed is null)
        {
            return;
        }

        LogFailed(logger, jobId, error.Code, error.Message);
        if (failed.UploadId is { } uploadId)
        {
            await oss.AbortMultipartUploadAsync(ossOptions.Value.Bucket, failed.Job.Key!, uploadId, cancellationToken);
        }
    }

    private TimeSpan DelayAfter(int attempt) =>
        Math.Min(LongestDelay.TotalSeconds, FirstDelay.TotalSeconds * Math.Pow(2, attempt)) * TimeSpan.FromSeconds(0.5 + jitter() / 2);

    private static bool IsPermanent(Exception exception) =>
        Source(exception) is not null || exception is SourceEndedException or HttpRequestException { InnerException: SourceEndedException }
        || (exception is OssException oss && !OssRetry.IsTransient(oss.Error));

    private static BulkUploadError Describe(Exception exception) =>
        Source(exception) is { } source ? new(source.Code, source.Message)
        : exception is OssException oss ? new(oss.Error.Code, oss.Error.Message)
        : exception is SourceEndedException or HttpRequestException { InnerException: SourceEndedException } ? new("source_ended", "The source ended before its last byte.")
        : exception is RequestFailedException ? new("storage_failed", "The storage account did not do what it was asked.")
        : exception is HttpRequestException or IOException or TimeoutException ? new("transfer_failed", "The connection to the source or to OSS broke, or nothing came over it.")
        // What else went wrong is for our log, not for whoever asks for the job.
        : new(Problem.Internal.Code, Problem.Internal.Title);

    // HttpClient wraps what a body throws while it is sent.
    private static SourceException? Source(Exception exception) => exception as SourceException ?? exception.InnerException as SourceException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bulk upload {JobId}: attempt {Attempt} failed with {Code}")]
    private static partial void LogAttemptFailed(ILogger logger, string jobId, int attempt, string code, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Bulk upload {JobId} failed with {Code}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string jobId, string code, string reason);
}
