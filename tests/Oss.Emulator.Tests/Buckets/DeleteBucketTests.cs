using System.Net;

namespace Oss.Emulator.Tests.Buckets;

public sealed class DeleteBucketTests
{
    private const string Bucket = TestOss.BucketName;

    [Fact]
    public async Task Deletes_an_empty_bucket_for_good()
    {
        await using var oss = await TestOss.StartAsync();

        using var deleted = await oss.CallAsync("DELETE", Bucket);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal((404, "NoSuchBucket", "0015-00000101"), await oss.RefusalAsync("DELETE", Bucket));
        Assert.Equal((404, "NoSuchBucket", "0015-00000101"), await oss.RefusalAsync("GET", Bucket, "acl"));
        Assert.Equal(["other-bucket"], (await oss.XmlAsync("GET", null)).Texts("Name"));
        Assert.Equal(["other-bucket"], Directory.GetDirectories(Path.Combine(oss.Folder, "buckets")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Keeps_a_bucket_with_objects()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a");

        var error = await TestOss.ErrorAsync(await oss.CallAsync("DELETE", Bucket));

        Assert.Equal((409, "BucketNotEmpty", "The bucket you tried to delete is not empty."), (error.HttpStatus, error.Code, error.Message));
        await oss.PutAsync("b");
        await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
    }

    [Fact]
    public async Task Keeps_a_bucket_with_open_uploads_until_they_are_aborted()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");

        Assert.Equal((409, "BucketNotEmpty", null), await oss.RefusalAsync("DELETE", Bucket));
        await oss.Client.AbortMultipartUploadAsync(Bucket, "m", upload);
        using var deleted = await oss.CallAsync("DELETE", Bucket);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    [Fact]
    public async Task A_name_can_be_used_again_and_is_empty()
    {
        await using var oss = await TestOss.StartAsync();
        using (await oss.CallAsync("PUT", Bucket, "acl", null, ("x-oss-acl", "public-read")))
        using (await oss.CallAsync("DELETE", Bucket))
        using (await oss.CallAsync("PUT", Bucket))
        {
        }

        await oss.PutAsync("a");

        Assert.Equal(["private"], (await oss.XmlAsync("GET", Bucket, "acl")).Texts("Grant"));
        Assert.Equal(["a"], (await oss.XmlAsync("GET", Bucket)).Texts("Key"));
    }
}
