using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>The body of PutObject and UploadPart.</summary>
internal static class UploadBody
{
    /// <summary>Stores the body and compares it with Content-MD5.</summary>
    public static async Task<IncomingSegment> ReceiveAsync(OssCall call, CancellationToken cancellationToken)
    {
        if (call.Request.ContentLength is null && call.Request.Headers.TransferEncoding.Count == 0)
        {
            throw Refusals.MissingContentLength();
        }

        if (call.Request.ContentLength > OssLimits.MaxSimpleUploadSize)
        {
            throw Refusals.EntityTooLarge(OssLimits.MaxSimpleUploadSize, call.Request.ContentLength.Value);
        }

        var expected = ContentMd5.Read(call);
        var incoming = await IncomingSegment.ReceiveAsync(
            call.Bucket.Segments, call.Request.BodyReader, OssLimits.MaxSimpleUploadSize, Refusals.EntityTooLarge, count => call.BytesReceived += count, cancellationToken);
        if (expected is not null && !expected.AsSpan().SequenceEqual(incoming.Md5))
        {
            incoming.Dispose();
            throw Refusals.InvalidDigest(call.Header("Content-MD5"), Convert.ToBase64String(incoming.Md5));
        }

        return incoming;
    }
}
