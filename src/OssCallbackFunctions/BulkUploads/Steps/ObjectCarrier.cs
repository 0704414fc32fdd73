using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Looks at an object's source and does what is to be done: leaves it alone, stores it, or begins its multipart upload. What goes wrong is the object's, not the job's.</summary>
public sealed partial class ObjectCarrier(
    UploadObjects objects, UploadSources sources, SimpleUpload simple, MultipartBeginning multipart, BulkUploadFailure failure, OssClient oss, TimeProvider clock,
    IOptions<BulkUploadOptions> options, IOptions<OssOptions> ossOptions, ILogger<ObjectCarrier> logger)
{
    /// <summary>Carries an object as far as one step goes. How it ended is left to be saved by who counts it: what has not ended is saved here.</summary>
    internal async Task<CarriedObject> CarryAsync(BulkUploadRecord job, UploadObject found, Func<BulkUploadTask, Task> send, CancellationToken cancellationToken)
    {
        using var activity = BulkTrace.Start(job, found);
        try
        {
            return await TryCarryAsync(job, found with { StartedAt = found.StartedAt ?? clock.GetUtcNow() }, send, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var error = BulkUploadFailure.Describe(e);
            activity?.SetStatus(ActivityStatusCode.Error, error.Code);
            LogAttemptFailed(logger, found.JobId, found.Number, found.Attempts + 1, error.Code, e);
            var pause = failure.RetryAfter(e, found.Attempts);
            await objects.UpdateAsync(
                found.JobId, found.Number,
                latest => latest.IsFinal ? null
                    : (pause is null ? latest.Fail(error) with { EndedAt = clock.GetUtcNow() } : latest with { Error = error, NotBefore = clock.GetUtcNow() + pause }) with
                    {
                        Attempts = latest.Attempts + 1, StartedAt = latest.StartedAt ?? clock.GetUtcNow(),
                    },
                cancellationToken);
            return default;
        }
    }

    private async Task<CarriedObject> TryCarryAsync(BulkUploadRecord job, UploadObject found, Func<BulkUploadTask, Task> send, CancellationToken cancellationToken)
    {
        var source = sources.Find(found.Entry.Source);
        var facts = await source.ProbeAsync(cancellationToken);
        var seen = found with { Facts = facts, PartSize = PartSize(job.Job, source, facts), NotBefore = null };
        if (seen.Entry.Size is { } said && said != facts.Size)
        {
            throw new BulkUploadException("source_size_differs", $"The source has {facts.Size} bytes; the job says {said}.");
        }

        if (job.Job.NeedsExisting && job.Job.Skips(await oss.HeadObjectAsync(ossOptions.Value.Bucket, seen.Key, cancellationToken), facts) is { } reason)
        {
            return Ended(seen with { State = UploadObjectState.Skipped, Error = new BulkUploadError(reason, "Left alone, as the job says.") });
        }

        var isSimple = seen.Plan.PartCount == 1 && (source is not OssUploadSource || facts.Size == 0);
        if (job.Job.DryRun)
        {
            return Ended(seen with { State = UploadObjectState.Succeeded, Requests = isSimple ? 1 : seen.Plan.PartCount + 2 });
        }

        return isSimple
            ? Ended(await simple.StoreAsync(job, seen, source, cancellationToken))
            : new CarriedObject(null, IsUnderWay: await multipart.BeginAsync(job, seen, send, cancellationToken));
    }

    private long PartSize(BulkUploadJob job, IUploadSource source, SourceFacts facts)
    {
        if (facts.Size > OssLimits.MaxObjectSize)
        {
            throw new BulkUploadException("source_too_large", $"The source has {facts.Size} bytes; OSS takes objects of up to {OssLimits.MaxObjectSize}.");
        }

        var wished = job.PartSize ?? (source is OssUploadSource ? Math.Max(options.Value.PartSize, options.Value.CopyPartSize) : options.Value.PartSize);
        return facts.HasRanges ? UploadPlan.For(facts.Size, wished).PartSize
            : facts.Size <= OssLimits.MaxSimpleUploadSize ? Math.Max(facts.Size, OssLimits.MinPartSize)
            : throw new BulkUploadException("source_without_ranges", $"The source serves no ranges, and {facts.Size} bytes do not fit one request ({OssLimits.MaxSimpleUploadSize}).");
    }

    private CarriedObject Ended(UploadObject ended) => new(ended with { Attempts = ended.Attempts + 1, EndedAt = clock.GetUtcNow() }, IsUnderWay: false);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bulk upload {JobId}, object {Number}: attempt {Attempt} failed with {Code}")]
    private static partial void LogAttemptFailed(ILogger logger, string jobId, long number, int attempt, string code, Exception exception);
}

/// <summary>What came of carrying an object.</summary>
/// <param name="Ended">The object as it ended, to be saved; null: it has not ended, or that it failed is saved.</param>
/// <param name="IsUnderWay">Whether its multipart upload was begun.</param>
internal readonly record struct CarriedObject(UploadObject? Ended, bool IsUnderWay);
