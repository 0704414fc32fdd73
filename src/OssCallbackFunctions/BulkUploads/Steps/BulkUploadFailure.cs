using Azure;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>What an exception means for an object or a job: whether it passes by itself, and when to try again.</summary>
public sealed class BulkUploadFailure(IOptions<BulkUploadOptions> options, Jitter jitter)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    /// <summary>The pause before another attempt; null: there is none.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="attempt">Attempts made before.</param>
    internal TimeSpan? RetryAfter(Exception exception, int attempt)
    {
        if (IsPermanent(exception) || attempt + 1 >= options.Value.MaxAttempts)
        {
            return null;
        }

        var pause = Math.Min(LongestDelay.TotalSeconds, FirstDelay.TotalSeconds * Math.Pow(2, attempt)) * TimeSpan.FromSeconds(0.5 + jitter() / 2);
        var asked = Asked(exception);
        return asked > pause ? asked : pause;
    }

    /// <summary>What is told of it.</summary>
    internal static BulkUploadError Describe(Exception exception) =>
        Source(exception) is { } source ? new(source.Code, source.Message)
        : exception is ManifestException manifest ? new(manifest.Code, manifest.Message)
        : exception is BulkUploadException failure ? failure.Error
        : exception is OssException oss ? new(oss.Error.Code, oss.Error.Message)
        : exception is SourceEndedException or HttpRequestException { InnerException: SourceEndedException } ? new("source_ended", "The source ended before its last byte.")
        : (exception as SourceTooSlowException ?? exception.InnerException as SourceTooSlowException) is { } slow ? new("source_too_slow", slow.Message)
        : exception is RequestFailedException ? new("storage_failed", "The storage account did not do what it was asked.")
        : exception is AccessKeyUnavailableException ? new("oss_key_unavailable", "There is no key to sign requests to OSS with.")
        : exception is HttpRequestException or IOException or TimeoutException ? new("transfer_failed", "The connection to the source or to OSS broke, or nothing came over it.")
        // What else went wrong is for our log, not for whoever asks for the job.
        : new(Problem.Internal.Code, Problem.Internal.Title);

    private static bool IsPermanent(Exception exception) =>
        Source(exception) is not null || exception is ManifestException or BulkUploadException or SourceEndedException or HttpRequestException { InnerException: SourceEndedException }
        || (exception is OssException oss && !OssRetry.IsTransient(oss.Error));

    // What the other side asked for, in its own words.
    private static TimeSpan? Asked(Exception exception) => (exception as SourceBusyException ?? exception.InnerException as SourceBusyException)?.RetryAfter ?? (exception as OssException)?.Error.RetryAfter;

    // HttpClient wraps what a body throws while it is sent.
    private static SourceException? Source(Exception exception) => exception as SourceException ?? exception.InnerException as SourceException;
}

/// <summary>An object or a job that cannot succeed, for a reason of our own.</summary>
internal sealed class BulkUploadException(string code, string message) : Exception(message)
{
    public BulkUploadError Error { get; } = new(code, message);
}
