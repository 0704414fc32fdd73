using Oss.Emulator.Callbacks;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Operations;

internal sealed class PutObject(UploadCallbacks callbacks, TimeProvider clock) : IOperation
{
    public string Name => "PutObject";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var callback = CallbackOfRequest.Read(call);
        var headers = ObjectHeaders.From(call);
        if (call.ForbidsOverwrite && call.Bucket.Objects.Contains(call.RequiredKey))
        {
            throw Refusals.FileAlreadyExists();
        }

        using var incoming = await UploadBody.ReceiveAsync(call, cancellationToken);
        var record = new ObjectRecord
        {
            Key = call.RequiredKey,
            ETag = incoming.ETag,
            Type = "Normal",
            Size = incoming.Segment.Size,
            Crc64 = incoming.Segment.Crc64,
            ContentMd5 = Convert.ToBase64String(incoming.Md5),
            LastModified = clock.GetUtcNow(),
            Headers = headers,
            Segments = [incoming.Segment],
        };
        call.Bucket.Objects.Publish(record, call.ForbidsOverwrite);
        incoming.Keep();

        ObjectHeaders.WriteChecksums(call, record);
        if (callback is null)
        {
            await Reply.EmptyAsync(call, 200);
        }
        else
        {
            await callbacks.AnswerAsync(call, record, callback);
        }
    }
}
