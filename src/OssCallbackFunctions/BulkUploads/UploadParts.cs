using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The parts that OSS has of a job: the checkpoint of its bytes.</summary>
internal static class UploadParts
{
    /// <summary>Parts of the size that the plan gives them, by number; others are as good as missing.</summary>
    public static async Task<IReadOnlyDictionary<int, UploadedPart>> ListValidAsync(OssClient oss, string bucket, BulkUploadRecord record, CancellationToken cancellationToken)
    {
        var plan = record.Plan;
        var parts = new SortedDictionary<int, UploadedPart>();
        await foreach (var part in oss.ListPartsAsync(bucket, record.Job.Key!, record.UploadId!, cancellationToken))
        {
            if (part.Number <= plan.PartCount && part.Size == plan.Part(part.Number).Length)
            {
                parts[part.Number] = part;
            }
        }

        return parts;
    }
}
