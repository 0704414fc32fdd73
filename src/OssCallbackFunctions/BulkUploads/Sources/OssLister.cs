using System.Runtime.CompilerServices;
using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The objects below a folder of an allowed bucket, by the UTF-8 bytes of their keys, with their facts; the cursor is the key. The folder's own object is left out.</summary>
/// <param name="oss">OSS.</param>
/// <param name="folder">Its key is "" or ends with "/".</param>
internal sealed class OssLister(OssClient oss, OssPath folder) : ISourceLister
{
    // A listing that is taken up again begins a page anew.
    private const int PageSize = 250;

    public async IAsyncEnumerable<ListedSource> ListAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var listing = oss.ListObjectsV2Async(folder.Bucket, folder.Key, after, PageSize, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveAsync(listing))
        {
            var listed = listing.Current;
            if (listed.Key.Length > folder.Key.Length)
            {
                yield return new ListedSource(
                    listed.Key[folder.Key.Length..],
                    new BulkUploadSource { Oss = new OssPath(folder.Bucket, listed.Key).ToString() },
                    new SourceFacts(listed.Size, listed.ETag) { LastModified = listed.LastModified },
                    listed.Key);
            }
        }
    }

    private static async ValueTask<bool> MoveAsync(IAsyncEnumerator<ListedObject> listing)
    {
        try
        {
            return await listing.MoveNextAsync();
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchBucket))
        {
            throw new SourceException("source_not_found", "There is no such bucket.");
        }
        catch (OssException e) when (e.Error.HttpStatus == 403 && !OssRetry.IsTransient(e.Error))
        {
            throw new SourceException("source_refused", $"OSS refuses to list the bucket: {e.Error.Code}.");
        }
    }
}
