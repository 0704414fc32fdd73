using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

internal sealed class InitiateMultipartUpload(TimeProvider clock) : IOperation
{
    public string Name => "InitiateMultipartUpload";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var encodesKeys = call.EncodesKeys;
        var description = ObjectHeaders.From(call);
        call.RefuseOverwrite();

        var upload = call.Bucket.Uploads.Create(call.RequiredKey, clock.GetUtcNow(), description);
        var result = new InitiateMultipartUploadResult(call.Bucket.Name, call.RequiredKey, upload.Record.UploadId);
        return Reply.XmlAsync(call, 200, result.ToXml(encodesKeys));
    }
}
