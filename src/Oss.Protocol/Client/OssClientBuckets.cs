namespace Oss.Protocol;

/// <content>What a bucket is like.</content>
public sealed partial class OssClient
{
    /// <summary>Where a bucket is, and what holds for it. Needs <c>oss:GetBucketInfo</c>.</summary>
    public async Task<BucketInfo> GetBucketInfoAsync(string bucket, CancellationToken cancellationToken = default) =>
        BucketInfo.Parse(await ReadAsync(() => new OssRequest("GET", bucket, null).With("bucketInfo", null), cancellationToken).ConfigureAwait(false));

    /// <summary>The rules by which objects and multipart uploads end; null: there are none. Needs <c>oss:GetBucketLifecycle</c>.</summary>
    public async Task<LifecycleConfiguration?> GetBucketLifecycleAsync(string bucket, CancellationToken cancellationToken = default)
    {
        try
        {
            return LifecycleConfiguration.Parse(await ReadAsync(() => new OssRequest("GET", bucket, null).With("lifecycle", null), cancellationToken).ConfigureAwait(false));
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchLifecycle))
        {
            return null;
        }
    }

    /// <summary>Lists the account's buckets, as far as the first one. Needs <c>oss:ListBuckets</c>, which an app that uploads does not.</summary>
    public Task<string> ListFirstBucketAsync(CancellationToken cancellationToken = default) => ReadAsync(() => new OssRequest("GET", null, null).With("max-keys", "1"), cancellationToken);
}
