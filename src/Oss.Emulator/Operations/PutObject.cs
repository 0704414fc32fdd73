using Oss.Emulator.Callbacks;
using Oss.Emulator.Http;

namespace Oss.Emulator.Operations;

internal sealed class PutObject(UploadCallbacks callbacks, TimeProvider clock) : IOperation
{
    public string Name => "PutObject";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var callback = CallbackOfRequest.Read(call);
        var description = ObjectHeaders.From(call);
        call.RefuseOverwrite();

        using var incoming = await UploadBody.ReceiveAsync(call, cancellationToken);
        var record = incoming.ToObject(call.RequiredKey, description, clock.GetUtcNow(), call.Bucket.NewVersionId());
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
