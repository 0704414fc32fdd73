using Oss.Protocol;

namespace Oss.Emulator.Tests.Sts;

/// <summary>What a lent key can do with objects, and for how long.</summary>
public sealed class LentKeyTests
{
    private const string Bucket = TestOss.BucketName;
    private const string OwnFolder = """{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:PutObject","oss:GetObject"],"Resource":"acs:oss:*:*:examplebucket/user/42/*"}]}""";

    [Fact]
    public async Task Is_limited_by_the_sessions_policy_in_all_that_it_asks_for()
    {
        await using var sts = await TestSts.StartAsync();
        using var http = new HttpClient();
        var owner = Client(http, sts, TestSts.User);
        await owner.PutObjectAsync(Bucket, "user/43/secret", UploadBody.From(new byte[] { 1 }));
        var user = Client(http, sts, (await sts.RpcAsync(TestSts.AssumeRole(("Policy", OwnFolder)))).Key);

        await user.PutObjectAsync(Bucket, "user/42/a", UploadBody.From(new byte[] { 2 }));
        var upload = await user.InitiateMultipartUploadAsync(Bucket, "user/42/b");
        var part = await user.UploadPartAsync(Bucket, "user/42/b", upload, 1, UploadBody.From(new byte[] { 3 }));
        await user.CompleteMultipartUploadAsync(Bucket, "user/42/b", upload, [part]);

        Assert.Equal([2], await TestOss.DownloadAsync(user, "user/42/a"));
        Assert.Equal([3], await TestOss.DownloadAsync(user, "user/42/b"));
        await DeniedAsync(() => user.PutObjectAsync(Bucket, "user/43/a", UploadBody.From(new byte[] { 4 })));
        await DeniedAsync(() => user.PutObjectAsync(Bucket, "user/420", UploadBody.From(new byte[] { 4 })));
        await DeniedAsync(() => TestOss.DownloadAsync(user, "user/43/secret"));
        await DeniedAsync(() => user.DeleteObjectAsync(Bucket, "user/42/a"));
        await DeniedAsync(() => user.InitiateMultipartUploadAsync(Bucket, "elsewhere"));
        Assert.Equal([1], await TestOss.DownloadAsync(owner, "user/43/secret"));
    }

    [Fact]
    public async Task Works_until_its_last_second_and_not_after()
    {
        await using var sts = await TestSts.StartAsync();
        using var http = new HttpClient();
        var user = Client(http, sts, (await sts.RpcAsync(TestSts.AssumeRole(("DurationSeconds", "900")))).Key);

        sts.Clock.Advance(TimeSpan.FromSeconds(899));
        await user.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[] { 1 }));
        sts.Clock.Advance(TimeSpan.FromSeconds(1));

        var refused = await Assert.ThrowsAsync<OssException>(() => user.PutObjectAsync(Bucket, "b", UploadBody.From(new byte[] { 1 })));
        Assert.Equal((403, "SecurityTokenExpired"), (refused.Error.HttpStatus, refused.Error.Code));
        Assert.Null(await Client(http, sts, TestSts.User).HeadObjectAsync(Bucket, "b"));
    }

    [Fact]
    public async Task Can_be_ended_before_its_time_and_those_lent_later_live()
    {
        await using var sts = await TestSts.StartAsync();
        using var http = new HttpClient();
        var first = (await sts.RpcAsync(TestSts.AssumeRole())).Key;
        sts.Emulator.EndTemporaryKeys();
        var second = (await sts.RpcAsync(TestSts.AssumeRole())).Key;

        var refused = await Assert.ThrowsAsync<OssException>(() => Client(http, sts, first).PutObjectAsync(Bucket, "a", UploadBody.From(new byte[] { 1 })));
        Assert.Equal((403, "SecurityTokenExpired"), (refused.Error.HttpStatus, refused.Error.Code));
        Assert.Equal("InvalidSecurityToken.Expired", (await sts.RpcAsync(TestSts.AssumeRole(), first)).Code);
        await Client(http, sts, second).PutObjectAsync(Bucket, "a", UploadBody.From(new byte[] { 1 }));
        await Client(http, sts, TestSts.User).PutObjectAsync(Bucket, "b", UploadBody.From(new byte[] { 1 }));
    }

    [Fact]
    public async Task Is_nothing_without_its_token_or_with_anothers()
    {
        await using var sts = await TestSts.StartAsync();
        using var http = new HttpClient();
        var (one, other) = ((await sts.RpcAsync(TestSts.AssumeRole())).Key, (await sts.RpcAsync(TestSts.AssumeRole())).Key);

        foreach (var key in (AccessKey[])[one with { SecurityToken = null }, one with { SecurityToken = other.SecurityToken }, one with { SecurityToken = "made-up" }])
        {
            var refused = await Assert.ThrowsAsync<OssException>(() => Client(http, sts, key).PutObjectAsync(Bucket, "a", UploadBody.From(new byte[] { 1 })));

            Assert.Equal(403, refused.Error.HttpStatus);
            Assert.True(refused.Error.Code is "InvalidSecurityToken" or "InvalidAccessKeyId", refused.Error.Code);
        }

        await Client(http, sts, one).PutObjectAsync(Bucket, "a", UploadBody.From(new byte[] { 1 }));
    }

    private static OssClient Client(HttpClient http, TestSts sts, AccessKey key) =>
        new(http, OssEndpoint.Parse(sts.Emulator.Endpoint), new V4Signer(key, "cn-hangzhou"), sts.Clock, OssRetry.None);

    private static async Task DeniedAsync(Func<Task> act) => Assert.Equal("AccessDenied", (await Assert.ThrowsAsync<OssException>(act)).Error.Code);
}
