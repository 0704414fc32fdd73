using System.Net;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Buckets;

public sealed class BucketLifecycleTests
{
    private const string Bucket = TestOss.BucketName;

    [Fact]
    public async Task Rules_are_set_read_replaced_and_removed()
    {
        await using var oss = await TestOss.StartAsync();
        Assert.Null(await oss.Client.GetBucketLifecycleAsync(Bucket));
        var rules = new LifecycleConfiguration([new("left", "a/", true, 7), new(null, "", false, null)]);
        using var set = await oss.CallAsync("PUT", Bucket, "lifecycle", rules.ToXml());
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        Assert.Equal(rules.Rules, (await oss.Client.GetBucketLifecycleAsync(Bucket))!.Rules);
        using var removed = await oss.CallAsync("DELETE", Bucket, "lifecycle");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Null(await oss.Client.GetBucketLifecycleAsync(Bucket));
    }

    [Theory]
    [InlineData("<LifecycleConfiguration/>")]
    [InlineData("<LifecycleConfiguration><Rule><Prefix/></Rule></LifecycleConfiguration>")]
    [InlineData("<LifecycleConfiguration><Rule><Status>On</Status></Rule></LifecycleConfiguration>")]
    [InlineData("")]
    public async Task Refuses_what_is_no_rules(string xml)
    {
        await using var oss = await TestOss.StartAsync();
        using var refused = await oss.CallAsync("PUT", Bucket, "lifecycle", xml);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Tells_where_a_bucket_is_and_whether_it_has_versions()
    {
        await using var oss = await TestOss.StartAsync();
        Assert.Equal(new BucketInfo("oss-cn-hangzhou", "private", null), await oss.Client.GetBucketInfoAsync(Bucket));
        using var versioned = await oss.CallAsync("PUT", Bucket, "versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        Assert.Equal("Enabled", (await oss.Client.GetBucketInfoAsync(Bucket)).Versioning);
    }
}
