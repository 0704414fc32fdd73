using Oss.Emulator.Access;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Operations;

/// <summary>
/// The object that <c>x-oss-copy-source</c> names, held for reading: <c>/bucket/key</c>, the key percent-encoded, perhaps with its version behind it. Unlike in a path, "+" is a
/// space: the Go SDK (V1) writes it so, and a key with "+" that the Ruby SDK leaves bare is not found.
/// </summary>
internal sealed class CopySource : IDisposable
{
    private const string Header = "x-oss-copy-source";

    private CopySource(Bucket bucket, ObjectLease lease)
    {
        Bucket = bucket;
        Lease = lease;
    }

    public Bucket Bucket { get; }

    public ObjectLease Lease { get; }

    public ObjectRecord Record => Lease.Record;

    /// <summary>Finds the source, which the caller must be allowed to read.</summary>
    public static CopySource Hold(OssCall call, BucketIndex buckets, Authorization authorization)
    {
        var target = Target(call.Header(Header));
        var bucket = buckets.Find(target.Bucket) ?? throw Refusals.NoSuchBucket(target.Bucket!);
        authorization.RequireObject(call, "GetObject", bucket, target.Key!);
        var lease = bucket.Objects.Hold(target.Key!) ?? throw Refusals.NoSuchKey(target.Key!);
        try
        {
            VersionIds.Require(call, lease.Record, target.Parameter(VersionIds.Parameter));
            StorageClass.RequireReadable(lease.Record);
            return new CopySource(bucket, lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public void Dispose() => Lease.Dispose();

    private static RequestTarget Target(string? header)
    {
        var parts = (header ?? "").Split('?', 2);
        var target = RequestTarget.OfPath(parts[0].Replace('+', ' '), parts.Length > 1 ? parts[1] : "");
        return !parts[0].StartsWith('/') || target.Bucket is null || target.Key is null || target.Query.Any(parameter => parameter.Key != VersionIds.Parameter)
            ? throw Refusals.InvalidArgument(Header, header, $"The value of {Header} must be /bucket/key, the key percent-encoded.")
            : !ObjectKey.IsValidBucket(target.Bucket) ? throw Refusals.InvalidBucketName(target.Bucket)
            : !ObjectKey.IsValid(target.Key, out var reason) ? throw Refusals.InvalidObjectName(target.Key, reason)
            : target;
    }
}
