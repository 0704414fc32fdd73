using System.Net.Http.Headers;

namespace Oss.Protocol;

/// <summary>Copies that OSS makes by itself: no byte passes through the client. Source: OSS documentation, "CopyObject", "UploadPartCopy".</summary>
public sealed partial class OssClient
{
    /// <summary>
    /// Makes an object of another one: up to 5 GB from another bucket, up to 1 GB into another storage class. OSS takes no callback with it: where there is to be one, copy into a
    /// multipart upload.
    /// </summary>
    /// <param name="bucket">Bucket of the copy.</param>
    /// <param name="key">Key of the copy.</param>
    /// <param name="source">The object to copy.</param>
    /// <param name="properties">
    /// Null: content type, metadata and tags are the source's. Otherwise these replace the source's content type and metadata, and its tags where there are any.
    /// </param>
    /// <param name="cancellationToken">Ends it; the copy may have been made.</param>
    public Task<StoredObject> CopyObjectAsync(string bucket, string key, CopySource source, ObjectProperties? properties = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            () =>
            {
                var request = source.AddTo(new OssRequest("PUT", bucket, key));
                if (properties is not null)
                {
                    properties.AddTo(request);
                    request.Headers["x-oss-metadata-directive"] = "REPLACE";
                    request.Headers["x-oss-tagging-directive"] = properties.Tags.Count > 0 ? "REPLACE" : "COPY";
                }

                return request;
            },
            null,
            Repeat.Always,
            async (response, _, token) => new StoredObject(CopyResult.ParseObject(await TextAsync(response, 0, token).ConfigureAwait(false)).ETag, OssTransport.Crc(response), null, null),
            cancellationToken);

    /// <summary>Makes a part of an object, or of a range of it; the same number again replaces it.</summary>
    /// <param name="bucket">Bucket of the multipart upload.</param>
    /// <param name="key">Its key.</param>
    /// <param name="uploadId">Its id.</param>
    /// <param name="number">Part number, 1 to 10,000.</param>
    /// <param name="source">The object to copy from.</param>
    /// <param name="range">
    /// First byte and number of bytes, up to 5 GB; it must be within the object: OSS takes another for the whole object. Pin the source by its ETag, so that it stays within.
    /// </param>
    /// <param name="cancellationToken">Ends it; the part may have been made.</param>
    public Task<UploadedPart> UploadPartCopyAsync(
        string bucket, string key, string uploadId, int number, CopySource source, (long Offset, long Length) range, CancellationToken cancellationToken = default) =>
        _transport.SendAsync(
            // A range cannot say "nothing": of an empty object it is the whole.
            () => source.AddTo(Part(bucket, key, uploadId, number), range.Length > 0 ? range : null),
            null,
            Repeat.Always,
            async (response, _, token) =>
            {
                var result = CopyResult.ParsePart(await TextAsync(response, 0, token).ConfigureAwait(false));
                return range.Length > 0 && response.Content.Headers.ContentRange is { } copied && !Matches(copied, range)
                    ? throw new OssException(new OssError(OssErrorCode.InvalidRange, "The range asked for was not the one that was copied."))
                    : new UploadedPart(number, result.ETag, range.Length, OssTransport.Crc(response));
            },
            cancellationToken);

    private static bool Matches(ContentRangeHeaderValue copied, (long Offset, long Length) range) =>
        copied.From == range.Offset && copied.To == range.Offset + range.Length - 1;
}
