using Oss.Emulator.Access;

namespace Oss.Emulator.Tests.Access;

public sealed class PermissionsTests
{
    private static readonly Permissions Permissions = new("cn-hangzhou", "1234567890123456");

    private static string? Needs(string operation, string? bucket, string? key, params (string Name, string Value)[] headers)
    {
        var needed = Permissions.Of(operation, bucket, key, name => headers.FirstOrDefault(header => header.Name == name).Value);
        return needed is null ? null : string.Join(' ', needed.Select(permission =>
        {
            Assert.StartsWith("oss:", permission.Action, StringComparison.Ordinal);
            Assert.StartsWith("acs:oss:cn-hangzhou:1234567890123456:", permission.Resource, StringComparison.Ordinal);
            return $"{permission.Action[4..]}={permission.Resource[37..]}";
        }));
    }

    [Theory]
    [InlineData("PutObject", "PutObject")]
    [InlineData("PostObject", "PutObject")]
    [InlineData("InitiateMultipartUpload", "PutObject")]
    [InlineData("UploadPart", "PutObject")]
    [InlineData("CompleteMultipartUpload", "PutObject")]
    [InlineData("AppendObject", "PutObject")]
    [InlineData("GetObject", "GetObject")]
    [InlineData("HeadObject", "GetObject")]
    [InlineData("GetObjectMeta", "GetObject")]
    [InlineData("AbortMultipartUpload", "AbortMultipartUpload")]
    [InlineData("ListParts", "ListParts")]
    [InlineData("DeleteObject", "DeleteObject")]
    [InlineData("DeleteMultipleObjects", "DeleteObject")]
    [InlineData("GetObjectAcl", "GetObjectAcl")]
    [InlineData("PutObjectAcl", "PutObjectAcl")]
    [InlineData("GetObjectTagging", "GetObjectTagging")]
    [InlineData("PutObjectTagging", "PutObjectTagging")]
    [InlineData("DeleteObjectTagging", "DeleteObjectTagging")]
    public void Names_what_an_operation_on_an_object_needs(string operation, string action)
    {
        Assert.Equal($"{action}=b/a/../中文 +%", Needs(operation, "b", "a/../中文 +%"));
        Assert.Null(Needs(operation, "b", null));
        Assert.Null(Needs(operation, null, null));
    }

    [Theory]
    [InlineData("ListObjects", "ListObjects")]
    [InlineData("ListObjectsV2", "ListObjects")]
    [InlineData("ListMultipartUploads", "ListMultipartUploads")]
    [InlineData("PutBucket", "PutBucket")]
    [InlineData("DeleteBucket", "DeleteBucket")]
    [InlineData("GetBucketInfo", "GetBucketInfo")]
    [InlineData("GetBucketLocation", "GetBucketLocation")]
    [InlineData("GetBucketStat", "GetBucketStat")]
    [InlineData("GetBucketAcl", "GetBucketAcl")]
    [InlineData("PutBucketAcl", "PutBucketAcl")]
    [InlineData("PutBucketCors", "PutBucketCors")]
    [InlineData("GetBucketCors", "GetBucketCors")]
    [InlineData("DeleteBucketCors", "DeleteBucketCors")]
    [InlineData("PutBucketVersioning", "PutBucketVersioning")]
    [InlineData("GetBucketVersioning", "GetBucketVersioning")]
    public void Names_what_an_operation_on_a_bucket_needs(string operation, string action)
    {
        Assert.Equal($"{action}=b", Needs(operation, "b", null));
        Assert.Null(Needs(operation, null, null));
    }

    [Fact]
    public void Listing_buckets_needs_all_of_them() => Assert.Equal("ListBuckets=*", Needs("ListBuckets", null, null));

    [Theory]
    [InlineData("PutObject")]
    [InlineData("PostObject")]
    [InlineData("InitiateMultipartUpload")]
    public void An_ACL_and_tags_need_rights_of_their_own(string operation)
    {
        Assert.Equal("PutObject=b/k PutObjectAcl=b/k", Needs(operation, "b", "k", ("x-oss-object-acl", "private")));
        Assert.Equal("PutObject=b/k PutObjectTagging=b/k", Needs(operation, "b", "k", ("x-oss-tagging", "a=b")));
        Assert.Equal("PutBucket=b PutBucketAcl=b", Needs("PutBucket", "b", null, ("x-oss-acl", "public-read")));
    }

    [Theory]
    [InlineData("/src/dir/a.txt", "src/dir/a.txt")]
    [InlineData("src/a", "src/a")]
    [InlineData("/src/a%20b%2B%E4%B8%AD?versionId=1", "src/a b+中")]
    [InlineData("%2Fsrc%2Fa%3Fb", "src/a?b")]
    [InlineData("/src/a+b", "src/a b")]
    public void A_copy_needs_its_source(string source, string resource)
    {
        Assert.Equal($"PutObject=b/k GetObject={resource}", Needs("CopyObject", "b", "k", ("x-oss-copy-source", source)));
        Assert.Equal($"PutObject=b/k GetObject={resource}", Needs("UploadPartCopy", "b", "k", ("x-oss-copy-source", source)));
    }

    [Theory]
    [InlineData("/src")]
    [InlineData("/src/")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData(null)]
    public void A_copy_from_nowhere_is_nobodys_right(string? source)
    {
        (string, string)[] headers = source is null ? [] : [("x-oss-copy-source", source)];
        Assert.Null(Needs("CopyObject", "b", "k", headers));
    }

    [Theory]
    [InlineData("RestoreObject")]
    [InlineData("PUT ?policy on a bucket")]
    [InlineData("Unknown")]
    [InlineData("")]
    public void What_it_does_not_know_is_nobodys_right(string operation) => Assert.Null(Needs(operation, "b", "k"));
}
