using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

internal sealed class UploadPart(TimeProvider clock) : IOperation
{
    public string Name => "UploadPart";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var number = call.Number("partNumber", 1, OssLimits.MaxPartCount);
        var upload = call.Bucket.Uploads.Find(call.RequiredUploadId, call.RequiredKey);
        using var incoming = await UploadBody.ReceiveAsync(call, cancellationToken);
        upload.Put(new PartRecord(number, incoming.ETag, clock.GetUtcNow(), incoming.Segment));
        incoming.Keep();

        call.Response.Headers.ETag = ObjectHeaders.Quoted(incoming.ETag);
        call.Response.Headers.ContentMD5 = Convert.ToBase64String(incoming.Md5);
        call.Response.Headers["x-oss-hash-crc64ecma"] = Crc64.ToText(incoming.Segment.Crc64);
        await Reply.EmptyAsync(call, 200);
    }
}
