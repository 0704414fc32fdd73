using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>The body of PutObject, UploadPart and AppendObject.</summary>
internal static class UploadBody
{
    /// <summary>Stores the body, which may be as large as OSS takes in one request, and compares it with Content-MD5.</summary>
    public static Task<IncomingSegment> ReceiveAsync(OssCall call, CancellationToken cancellationToken) => ReceiveAsync(call, OssLimits.MaxSimpleUploadSize, cancellationToken);

    /// <summary>Stores the body and compares it with Content-MD5.</summary>
    public static async Task<IncomingSegment> ReceiveAsync(OssCall call, long maxSize, CancellationToken cancellationToken)
    {
        if (call.Request.ContentLength is null && call.Request.Headers.TransferEncoding.Count == 0)
        {
            throw Refusals.MissingContentLength();
        }

        if (call.Request.ContentLength > maxSize)
        {
            throw Refusals.EntityTooLarge(maxSize, call.Request.ContentLength.Value);
        }

        var expected = ContentMd5.Read(call);
        var incoming = await IncomingSegment.ReceiveAsync(
            call.Bucket.Segments, call.Request.BodyReader, maxSize, Refusals.EntityTooLarge, count => call.BytesReceived += count, cancellationToken);
        if (expected is not null && !expected.AsSpan().SequenceEqual(incoming.Md5))
        {
            incoming.Dispose();
            throw Refusals.InvalidDigest(call.Header("Content-MD5"), Convert.ToBase64String(incoming.Md5));
        }

        return incoming;
    }
}
