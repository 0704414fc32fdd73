using System.Globalization;
using System.Runtime.CompilerServices;

namespace Oss.Protocol;

/// <summary>Listings of a bucket, page after page. Source: OSS documentation, "ListObjectsV2", "ListMultipartUploads".</summary>
public sealed partial class OssClient
{
    /// <summary>The objects whose keys begin with a prefix, by the UTF-8 bytes of their keys.</summary>
    /// <param name="bucket">Bucket.</param>
    /// <param name="prefix">What all keys begin with; empty: all.</param>
    /// <param name="startAfter">Only keys after this one; null: all.</param>
    /// <param name="pageSize">Keys asked for at a time, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async IAsyncEnumerable<ListedObject> ListObjectsV2Async(
        string bucket, string prefix = "", string? startAfter = null, int pageSize = OssLimits.MaxKeysPerPage, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (string? continuation = null; ;)
        {
            var xml = await ReadAsync(() => Page(continuation), cancellationToken).ConfigureAwait(false);
            var page = ListObjectsV2Result.Parse(xml);
            foreach (var listed in page.Objects)
            {
                yield return listed;
            }

            if (!page.IsTruncated || page.NextContinuationToken is null || page.NextContinuationToken == continuation)
            {
                yield break;
            }

            continuation = page.NextContinuationToken;
        }

        OssRequest Page(string? continuation)
        {
            var request = new OssRequest("GET", bucket, null).With("list-type", "2").With("encoding-type", "url").With("max-keys", pageSize.ToString(CultureInfo.InvariantCulture));
            request = prefix.Length > 0 ? request.With("prefix", prefix) : request;
            return continuation is not null ? request.With("continuation-token", continuation)
                : string.IsNullOrEmpty(startAfter) ? request
                : request.With("start-after", startAfter);
        }
    }

    /// <summary>The multipart uploads that are open, of keys that begin with a prefix, by the UTF-8 bytes of their keys.</summary>
    /// <param name="bucket">Bucket.</param>
    /// <param name="prefix">What all keys begin with; empty: all.</param>
    /// <param name="pageSize">Uploads asked for at a time, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async IAsyncEnumerable<ListedUpload> ListMultipartUploadsAsync(
        string bucket, string prefix = "", int pageSize = OssLimits.MaxUploadsPerPage, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var (key, id) = ("", ""); ;)
        {
            var (keyMarker, idMarker) = (key, id);
            var xml = await ReadAsync(() => Page(keyMarker, idMarker), cancellationToken).ConfigureAwait(false);
            var page = ListMultipartUploadsResult.Parse(xml);
            foreach (var upload in page.Uploads)
            {
                yield return upload;
            }

            if (!page.IsTruncated || (page.NextKeyMarker, page.NextUploadIdMarker) == (key, id))
            {
                yield break;
            }

            (key, id) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }

        OssRequest Page(string keyMarker, string idMarker)
        {
            var request = new OssRequest("GET", bucket, null).With("uploads", null).With("encoding-type", "url").With("max-uploads", pageSize.ToString(CultureInfo.InvariantCulture));
            request = prefix.Length > 0 ? request.With("prefix", prefix) : request;
            request = keyMarker.Length > 0 ? request.With("key-marker", keyMarker) : request;
            return idMarker.Length > 0 ? request.With("upload-id-marker", idMarker) : request;
        }
    }
}
