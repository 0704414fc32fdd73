using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Runs one step of a job and records what goes wrong in it. What may pass is thrown on, so that the message comes again; what will not, and what was tried often
/// enough, fails the job and gives its multipart upload up.
/// </summary>
public sealed partial class BulkUploadRunner(BulkUploadRecords records, OssClient oss, IOptions<BulkUploadOptions> options, IOptions<OssOptions> ossOptions, ILogger<BulkUploadRunner> logger)
{
    internal async Task<UploadStep> RunAsync(string jobId, int attempt, Func<Task<UploadStep>> step, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await step();
            if (outcome is UploadStep.Failed failed)
            {
                await RecordAsync(jobId, failed.Error, isFinal: true, cancellationToken);
            }

            return outcome;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var error = Describe(e);
            if (IsPermanent(e))
            {
                await RecordAsync(jobId, error, isFinal: true, cancellationToken);
                return new UploadStep.Failed(error);
            }

            LogAttemptFailed(logger, jobId, attempt, error.Code, e);
            await RecordAsync(jobId, error, isFinal: attempt >= options.Value.MaxAttempts, cancellationToken);
            throw;
        }
    }

    private async Task RecordAsync(string jobId, BulkUploadError error, bool isFinal, CancellationToken cancellationToken)
    {
        var saved = await records.UpdateAsync(
            jobId, latest => latest.IsFinal ? null : latest with { Error = error, State = isFinal ? BulkUploadState.Failed : latest.State }, cancellationToken);
        if (saved is not null && isFinal)
        {
            LogFailed(logger, jobId, error.Code, error.Message);
            await AbortAsync(saved, cancellationToken);
        }
    }

    private async Task AbortAsync(BulkUploadRecord record, CancellationToken cancellationToken)
    {
        if (record.UploadId is { } uploadId)
        {
            await oss.AbortMultipartUploadAsync(ossOptions.Value.Bucket, record.Job.Key!, uploadId, cancellationToken);
        }
    }

    private static bool IsPermanent(Exception exception) =>
        Source(exception) is not null || exception is SourceEndedException or HttpRequestException { InnerException: SourceEndedException }
        || (exception is OssException oss && !OssRetry.IsTransient(oss.Error));

    private static BulkUploadError Describe(Exception exception) =>
        Source(exception) is { } source ? new(source.Code, source.Message)
        : exception is OssException oss ? new(oss.Error.Code, oss.Error.Message)
        : new(exception.GetType().Name, exception.Message);

    // HttpClient wraps what a body throws while it is sent.
    private static SourceException? Source(Exception exception) => exception as SourceException ?? exception.InnerException as SourceException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bulk upload {JobId}: attempt {Attempt} failed with {Code}")]
    private static partial void LogAttemptFailed(ILogger logger, string jobId, int attempt, string code, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Bulk upload {JobId} failed with {Code}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string jobId, string code, string reason);
}
