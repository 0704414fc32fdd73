using Oss.Emulator.Cors;
using Oss.Emulator.Listing;
using Oss.Emulator.Operations;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Buckets;

/// <summary>All that OSS does on the service and on buckets, as far as the emulator can.</summary>
internal static class BucketOperations
{
    /// <summary>The account that everything belongs to.</summary>
    public static readonly OssOwner Owner = new(BucketOwner.Id, BucketOwner.Id);

    public static IEnumerable<IOperation> All(OssEmulatorOptions options, BucketIndex buckets) =>
    [
        new ListBuckets(options, buckets), new PutBucket(buckets, options.Clock), new DeleteBucket(buckets),
        new GetBucketInfo(options), new GetBucketLocation(options), new GetBucketStat(options.Clock),
        new GetBucketAcl(), new PutBucketAcl(), new GetBucketVersioning(), new PutBucketVersioning(),
        new GetBucketCors(), new PutBucketCors(), new DeleteBucketCors(),
        new GetBucketLifecycle(), new PutBucketLifecycle(), new DeleteBucketLifecycle(),
        new ListObjects(), new ListObjectsV2(), new ListObjectVersions(), new ListMultipartUploads(),
    ];
}
