using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>First step of a job: looks at the source, cuts it into parts, begins the multipart upload, and hands out slices. A repeat hands them out again.</summary>
public sealed class BulkUploadPlanner(
    BulkUploadRecords records, UploadSources sources, OssClient oss, IOptions<BulkUploadOptions> options, IOptions<OssOptions> ossOptions)
{
    internal async Task<UploadStep> PlanAsync(string id, BulkUploadJob job, CancellationToken cancellationToken)
    {
        var record = await records.AddAsync(id, job, cancellationToken);
        if (record.Job != job.Kept(id))
        {
            return new UploadStep.Refused(Problem.JobExists.With("The id belongs to another upload."));
        }

        if (record.IsFinal)
        {
            return UploadStep.Done;
        }

        return record.State != BulkUploadState.NotStarted ? new UploadStep.Continue(Slices(record))
            : await BeginAsync(record, cancellationToken) is { } begun ? new UploadStep.Continue(Slices(begun))
            // Another instance planned it at the same time; its slices are on their way.
            : UploadStep.Done;
    }

    private async Task<BulkUploadRecord?> BeginAsync(BulkUploadRecord record, CancellationToken cancellationToken)
    {
        var facts = await sources.Find(record.Job.Source!).ProbeAsync(cancellationToken);
        if (facts.Size > OssLimits.MaxObjectSize)
        {
            throw new SourceException("source_too_large", $"The source has {facts.Size} bytes; OSS takes objects of up to {OssLimits.MaxObjectSize}.");
        }

        var plan = UploadPlan.For(facts.Size, record.Job.PartSize ?? options.Value.PartSize);
        var bucket = ossOptions.Value.Bucket;
        var uploadId = plan.PartCount == 1 ? null
            : await oss.InitiateMultipartUploadAsync(
                bucket, record.Job.Key!, new ObjectProperties { ContentType = record.Job.ContentType, ForbidOverwrite = record.Job.ForbidOverwrite }, cancellationToken);
        var begun = await records.UpdateAsync(
            record.Id,
            latest => latest.State != BulkUploadState.NotStarted ? null
                : latest with { State = BulkUploadState.Running, Source = facts, PartSize = plan.PartSize, UploadId = uploadId, Error = null },
            cancellationToken);
        if (begun is null && uploadId is not null)
        {
            await oss.AbortMultipartUploadAsync(bucket, record.Job.Key!, uploadId, cancellationToken);
        }

        return begun;
    }

    private IReadOnlyList<UploadSlice> Slices(BulkUploadRecord record) => UploadSlice.All(record.Id, record.Plan, options.Value.PartsPerSlice);
}
