using Oss.Emulator.Http;

namespace Oss.Emulator.Operations;

/// <summary>Succeeds whether or not there is such an object.</summary>
internal sealed class DeleteObject : IOperation
{
    public string Name => "DeleteObject";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        call.Bucket.Objects.Remove(call.RequiredKey);
        return Reply.EmptyAsync(call, 204);
    }
}
