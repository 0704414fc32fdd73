using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Takes jobs and tells how far they are.</summary>
public sealed class BulkUploadDesk(BulkUploadRecords records, BulkUploadQueues queues, UploadSources sources, OssClient oss, IOptions<OssOptions> ossOptions, NewId newId)
{
    /// <summary>Accepts a job: its row first, so that it can be asked for at once, then its message.</summary>
    internal async Task<Outcome<BulkUploadStatus>> AcceptAsync(BulkUploadJob job, CancellationToken cancellationToken)
    {
        if (job.Refuse() is { } problem)
        {
            return problem;
        }

        try
        {
            sources.Find(job.Source!);
        }
        catch (SourceException e)
        {
            return Problem.InvalidJob.With(e.Message);
        }

        var id = job.Id ?? newId();
        var wanted = job.Kept(id);
        var record = await records.AddAsync(id, wanted, cancellationToken);
        if (record.Job != wanted)
        {
            return Problem.JobExists.With("Take another id, or leave it out.");
        }

        await queues.SendAsync(wanted, null, cancellationToken);
        return Status(record, [], 0);
    }

    /// <summary>How far a job is. While it runs, OSS is asked which parts it has.</summary>
    internal async Task<Outcome<BulkUploadStatus>> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!BulkUploadJob.IsId(id) || await records.FindAsync(id, cancellationToken) is not { } record)
        {
            return Problem.JobNotFound;
        }

        if (record is not { State: BulkUploadState.Running or BulkUploadState.Completing, UploadId: not null })
        {
            return Status(record, [], 0);
        }

        try
        {
            var parts = await UploadParts.ListValidAsync(oss, ossOptions.Value.Bucket, record, cancellationToken);
            return Status(record, [.. parts.Values], parts.Values.Sum(part => part.Size));
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            // Made into the object a moment ago.
            return Status(await records.FindAsync(id, cancellationToken) ?? record, [], 0);
        }
    }

    private BulkUploadStatus Status(BulkUploadRecord record, IReadOnlyCollection<UploadedPart> parts, long bytes)
    {
        var isDone = record.State == BulkUploadState.Succeeded;
        return new BulkUploadStatus
        {
            Id = record.Id,
            State = record.State,
            Bucket = ossOptions.Value.Bucket,
            Key = record.Job.Key!,
            Size = record.Source?.Size,
            BytesDone = isDone ? record.Source!.Size : bytes,
            PartCount = record.Source is null ? null : record.Plan.PartCount,
            PartsDone = isDone ? record.Plan.PartCount : parts.Count,
            CreatedAt = record.CreatedAt,
            UpdatedAt = record.UpdatedAt,
            ETag = record.ETag?.Trim('"'),
            Crc64 = isDone && record.Crc64 is { } crc ? Crc64.ToText(crc) : null,
            Callback = record.Callback,
            Error = record.Error,
        };
    }
}
