using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Second step: sends the parts of a slice that OSS does not have yet; whoever sees that none is missing asks for the completion.</summary>
public sealed class SliceTransfer(
    BulkUploadRecords records, UploadSources sources, OssClient oss, IOptions<BulkUploadOptions> options, IOptions<OssOptions> ossOptions)
{
    internal async Task<UploadStep> TransferAsync(UploadSlice slice, CancellationToken cancellationToken)
    {
        var record = await records.FindAsync(slice.JobId, cancellationToken);
        if (record is null or { IsFinal: true } or { Source: null })
        {
            return UploadStep.Done;
        }

        var completion = new UploadStep.Continue([], new UploadCompletion(1, record.Id));
        if (record.UploadId is null)
        {
            // One part: the completion stores it whole.
            return completion;
        }

        var bucket = ossOptions.Value.Bucket;
        IReadOnlyDictionary<int, UploadedPart> present;
        try
        {
            present = await UploadParts.ListValidAsync(oss, bucket, record, cancellationToken);
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            // Completed already, or lost: the completion finds out which.
            return completion;
        }

        var missing = Enumerable.Range(slice.First, slice.Last - slice.First + 1).Where(number => !present.ContainsKey(number)).ToArray();
        if (missing.Length > 0)
        {
            await SendAsync(record, bucket, missing, cancellationToken);
            present = await UploadParts.ListValidAsync(oss, bucket, record, cancellationToken);
        }

        return present.Count == record.Plan.PartCount ? completion : UploadStep.Done;
    }

    private Task SendAsync(BulkUploadRecord record, string bucket, int[] numbers, CancellationToken cancellationToken)
    {
        var source = sources.Find(record.Job.Source!);
        return Parallel.ForEachAsync(
            numbers,
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.PartsInParallel, CancellationToken = cancellationToken },
            async (number, token) => await oss.UploadPartAsync(
                bucket, record.Job.Key!, record.UploadId!, number, source.Open(record.Plan.Part(number), record.Source!), token));
    }
}
