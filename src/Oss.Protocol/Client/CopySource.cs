using System.Globalization;

namespace Oss.Protocol;

/// <summary>An object that OSS copies from, in the same region; the key that signs must be allowed <c>oss:GetObject</c> on it.</summary>
/// <param name="Bucket">Bucket.</param>
/// <param name="Key">Object key, not encoded.</param>
/// <param name="IfMatch">ETag that it must still have, or OSS refuses with 412 PreconditionFailed; null: any.</param>
public sealed record CopySource(string Bucket, string Key, string? IfMatch = null)
{
    internal OssRequest AddTo(OssRequest request, (long Offset, long Length)? range = null)
    {
        // "+" would be a space: EncodePath leaves none.
        request.Headers["x-oss-copy-source"] = $"/{Bucket}/{OssEncoding.EncodePath(Key)}";
        if (IfMatch is not null)
        {
            request.Headers["x-oss-copy-source-if-match"] = IfMatch;
        }

        if (range is var (offset, length))
        {
            request.Headers["x-oss-copy-source-range"] = string.Create(CultureInfo.InvariantCulture, $"bytes={offset}-{offset + length - 1}");
        }

        return request;
    }
}
