using Oss.Emulator.Http;

namespace Oss.Emulator.Operations;

internal sealed class AbortMultipartUpload : IOperation
{
    public string Name => "AbortMultipartUpload";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var upload = call.Bucket.Uploads.Find(call.RequiredUploadId, call.RequiredKey);
        upload.End(taken: []);
        call.Bucket.Uploads.Forget(upload);
        return Reply.EmptyAsync(call, 204);
    }
}
