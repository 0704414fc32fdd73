using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The parts that OSS has of an object: the checkpoint of its bytes.</summary>
internal static class UploadParts
{
    /// <summary>Parts of the size that the plan gives them, by number; others are as good as missing.</summary>
    public static Task<IReadOnlyDictionary<int, UploadedPart>> ListValidAsync(OssClient oss, string bucket, UploadObject found, CancellationToken cancellationToken) =>
        ListValidAsync(oss, bucket, found, 1, found.Plan.PartCount, cancellationToken);

    /// <summary>The same of the parts <paramref name="first"/> to <paramref name="last"/>: a slice of thousands does not ask for all of them.</summary>
    public static async Task<IReadOnlyDictionary<int, UploadedPart>> ListValidAsync(
        OssClient oss, string bucket, UploadObject found, int first, int last, CancellationToken cancellationToken)
    {
        var plan = found.Plan;
        var parts = new SortedDictionary<int, UploadedPart>();
        await foreach (var part in oss.ListPartsAsync(bucket, found.Key, found.UploadId!, first - 1, cancellationToken))
        {
            if (part.Number <= Math.Min(last, plan.PartCount) && part.Size == plan.Part(part.Number).Length)
            {
                parts[part.Number] = part;
            }

            if (part.Number >= last)
            {
                break;
            }
        }

        return parts;
    }
}
