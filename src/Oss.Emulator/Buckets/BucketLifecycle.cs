using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Protocol;

namespace Oss.Emulator.Buckets;

/// <summary>Replaces all rules. They are kept and told, and nobody carries them out.</summary>
internal sealed class PutBucketLifecycle : IOperation
{
    private const int MaxBytes = 1024 * 1024;

    public string Name => "PutBucketLifecycle";

    public async Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        var rules = await RequestXml.ReadAsync(
            call, MaxBytes,
            text =>
            {
                LifecycleConfiguration.Parse(text);
                return text;
            },
            cancellationToken);
        call.Bucket.Change(record => record with { Lifecycle = rules });
        await Reply.EmptyAsync(call, StatusCodes.Status200OK);
    }
}

internal sealed class GetBucketLifecycle : IOperation
{
    public string Name => "GetBucketLifecycle";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken) =>
        call.Bucket.Record.Lifecycle is { } rules ? Reply.XmlAsync(call, OssXml.Parse(rules, "LifecycleConfiguration")) : throw Refusals.NoSuchLifecycle(call.Bucket.Name);
}

/// <summary>Removes all rules, also when there are none.</summary>
internal sealed class DeleteBucketLifecycle : IOperation
{
    public string Name => "DeleteBucketLifecycle";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken)
    {
        call.Bucket.Change(record => record with { Lifecycle = null });
        return Reply.EmptyAsync(call, StatusCodes.Status204NoContent);
    }
}
