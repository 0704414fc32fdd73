using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The parts that OSS has of an object: the checkpoint of its bytes.</summary>
internal static class UploadParts
{
    /// <summary>Parts of the size that the plan gives them, by number; others are as good as missing.</summary>
    public static async Task<IReadOnlyDictionary<int, UploadedPart>> ListValidAsync(OssClient oss, string bucket, UploadObject found, CancellationToken cancellationToken)
    {
        var plan = found.Plan;
        var parts = new SortedDictionary<int, UploadedPart>();
        await foreach (var part in oss.ListPartsAsync(bucket, found.Key, found.UploadId!, cancellationToken))
        {
            if (part.Number <= plan.PartCount && part.Size == plan.Part(part.Number).Length)
            {
                parts[part.Number] = part;
            }
        }

        return parts;
    }
}
