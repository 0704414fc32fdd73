using Oss.Protocol;

namespace Oss.Emulator.Access;

/// <summary>An action of RAM on a resource.</summary>
internal sealed record Permission(string Action, string Resource);

/// <summary>What a caller must be allowed, operation by operation. Source: OSS documentation, "RAM Policy", and the section "Permissions" of each operation.</summary>
/// <param name="region">Region id of the buckets.</param>
/// <param name="account">The account that owns them.</param>
internal sealed class Permissions(string region, string account)
{
    private const string CopySource = "x-oss-copy-source";

    // Operations on a bucket whose action has their name.
    private static readonly HashSet<string> OnBucket = new(StringComparer.Ordinal)
    {
        "DeleteBucket", "GetBucketInfo", "GetBucketLocation", "GetBucketAcl", "PutBucketAcl", "GetBucketStat", "PutBucketCors", "GetBucketCors", "DeleteBucketCors",
        "PutBucketLifecycle", "GetBucketLifecycle", "DeleteBucketLifecycle",
        "PutBucketVersioning", "GetBucketVersioning", "ListObjects", "ListObjectVersions", "ListMultipartUploads",
    };

    // Operations on an object whose action has their name.
    private static readonly HashSet<string> OnObject = new(StringComparer.Ordinal)
    {
        "GetObject", "DeleteObject", "AbortMultipartUpload", "ListParts", "GetObjectAcl", "PutObjectAcl", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging",
    };

    private static readonly HashSet<string> Uploads = new(StringComparer.Ordinal)
    {
        "PutObject", "PostObject", "InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AppendObject", "CopyObject", "UploadPartCopy",
    };

    /// <summary>All that the operation needs; null for one that is not known, or that lacks the bucket, the key or the source to check: nobody may do that.</summary>
    /// <param name="operation">OSS's name of the operation.</param>
    /// <param name="bucket">The bucket it is on.</param>
    /// <param name="key">The object it is on. For DeleteMultipleObjects, which names its objects in the body, one of them.</param>
    /// <param name="header">Finds a header of the request, or the field of a form that stands for it.</param>
    public IReadOnlyList<Permission>? Of(string operation, string? bucket, string? key, Func<string, string?> header) => (operation, bucket, key) switch
    {
        ("ListBuckets", _, _) => [On("ListBuckets", "*")],
        ("PutBucket", not null, _) => [On("PutBucket", bucket), .. With("x-oss-acl", "PutBucketAcl", bucket, null, header)],
        ("ListObjectsV2", not null, _) => [On("ListObjects", bucket)],
        (_, not null, _) when OnBucket.Contains(operation) => [On(operation, bucket)],
        ("HeadObject" or "GetObjectMeta", not null, not null) => [On("GetObject", bucket, key)],
        ("DeleteMultipleObjects", not null, not null) => [On("DeleteObject", bucket, key)],
        (_, not null, not null) when OnObject.Contains(operation) => [On(operation, bucket, key)],
        ("CopyObject" or "UploadPartCopy", not null, not null) => Source(header(CopySource)) is { } source ? [.. Upload(bucket, key, header), source] : null,
        (_, not null, not null) when Uploads.Contains(operation) => Upload(bucket, key, header),
        _ => null,
    };

    private IReadOnlyList<Permission> Upload(string bucket, string key, Func<string, string?> header) =>
    [
        On("PutObject", bucket, key),
        .. With("x-oss-object-acl", "PutObjectAcl", bucket, key, header),
        .. With("x-oss-tagging", "PutObjectTagging", bucket, key, header),
    ];

    private Permission[] With(string name, string action, string bucket, string? key, Func<string, string?> header) =>
        header(name) is null ? [] : [On(action, bucket, key)];

    // "/bucket/key", percent-encoded with "+" for a space, perhaps with the version behind it.
    private Permission? Source(string? copySource) =>
        OssEncoding.Decode((copySource ?? "").Split('?')[0].Replace('+', ' ')).TrimStart('/').Split('/', 2) is [{ Length: > 0 } bucket, { Length: > 0 } key] ? On("GetObject", bucket, key) : null;

    private Permission On(string action, string bucket, string? key = null) => new("oss:" + action, ResourceName.Oss(region, account, bucket, key));
}
