using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Buckets;

/// <summary>Deletes a bucket in which there is no object and no open upload.</summary>
internal sealed class DeleteBucket(BucketIndex buckets) : IOperation
{
    public string Name => "DeleteBucket";

    public Task ExecuteAsync(OssCall call, CancellationToken cancellationToken) =>
        buckets.TryDelete(call.Bucket) ? Reply.EmptyAsync(call, StatusCodes.Status204NoContent) : throw Refusals.BucketNotEmpty(call.Bucket.Name);
}
