using Oss.Emulator.Http;

namespace Oss.Emulator.Operations;

/// <summary>Succeeds whether or not there is such an object.</summary>
internal sealed class DeleteObject : IOperation
{
    public string Name => "DeleteObject";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var versionId = call.Target.Parameter(VersionIds.Parameter);
        call.Bucket.Objects.Remove(call.RequiredKey, record => VersionIds.Require(call, record, versionId));
        VersionIds.WriteDeleted(call, versionId, versionId is null ? call.Bucket.NewVersionId() : null);
        return Reply.EmptyAsync(call, 204);
    }
}
