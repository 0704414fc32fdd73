using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Second step: sends the parts of a slice that OSS does not have yet; whoever sees that none is missing asks for the completion.</summary>
public sealed class SliceTransfer(
    BulkUploadRecords records, UploadSources sources, OssClient oss, TimeProvider clock, NewId newId, IOptions<BulkUploadOptions> options, IOptions<OssOptions> ossOptions)
{
    private readonly string _bucket = ossOptions.Value.Bucket;

    internal async Task<UploadStep> TransferAsync(UploadSlice slice, CancellationToken cancellationToken)
    {
        var record = await records.FindAsync(slice.JobId, cancellationToken);
        if (record is null or { IsFinal: true } or { Source: null })
        {
            return UploadStep.Done;
        }

        // An object of one part is stored whole by the completion.
        return record.UploadId is null ? Completion(record) : await SendMissingAsync(record, slice, cancellationToken);
    }

    private async Task<UploadStep> SendMissingAsync(BulkUploadRecord record, UploadSlice slice, CancellationToken cancellationToken)
    {
        try
        {
            var present = await UploadParts.ListValidAsync(oss, _bucket, record, cancellationToken);
            var missing = Missing(slice, present);
            if (missing.Count > 0)
            {
                await SendAsync(record, missing, cancellationToken);
                present = await UploadParts.ListValidAsync(oss, _bucket, record, cancellationToken);
            }

            return present.Count == record.Plan.PartCount ? Completion(record)
                // Out of time: the next message sends what is left.
                : Missing(slice, present) is [var first, ..] ? new UploadStep.Continue([slice with { First = first, Attempt = 0 }])
                : UploadStep.Done;
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            // Completed by others while a copy of this message was at work, or lost: the completion finds out which.
            return Completion(record);
        }
    }

    private async Task SendAsync(BulkUploadRecord record, List<int> numbers, CancellationToken cancellationToken)
    {
        var source = sources.Find(record.Job.Source!);
        var started = clock.GetTimestamp();
        await Parallel.ForEachAsync(
            numbers,
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.PartsInParallel, CancellationToken = cancellationToken },
            async (number, token) =>
            {
                // The first part is always sent, so that every message gets somewhere.
                if (number == numbers[0] || clock.GetElapsedTime(started) < options.Value.SliceBudget)
                {
                    await oss.UploadPartAsync(_bucket, record.Job.Key!, record.UploadId!, number, source.Open(record.Plan.Part(number), record.Source!), token);
                }
            });
    }

    private UploadStep.Continue Completion(BulkUploadRecord record) => new([], new UploadCompletion(1, record.Id, newId()));

    private static List<int> Missing(UploadSlice slice, IReadOnlyDictionary<int, UploadedPart> present) =>
        [.. Enumerable.Range(slice.First, slice.Last - slice.First + 1).Where(number => !present.ContainsKey(number))];
}
