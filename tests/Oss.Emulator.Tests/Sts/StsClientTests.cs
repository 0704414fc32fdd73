using System.Buffers.Text;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Sts;

/// <summary>The protocol library's client of STS against the emulator's, and what its keys can do with objects.</summary>
public sealed class StsClientTests : IAsyncLifetime
{
    private const string Bucket = TestOss.BucketName;
    private static readonly UploadBody Body = UploadBody.From(new byte[] { 1 });

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private TestSts _sts = null!;

    public async ValueTask InitializeAsync() => _sts = await TestSts.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sts.DisposeAsync();
    }

    private StsClient Sts(AccessKey? caller) => new(_http, _sts.Url, caller, _sts.Clock, OssRetry.None);

    private OssClient Oss(AccessKey key) => new(_http, OssEndpoint.Parse(_sts.Emulator.Endpoint), new V4Signer(key, "cn-hangzhou"), _sts.Clock, OssRetry.None);

    private static AssumeRoleRequest Request(string? policy = null) => new(TestSts.Role, "alice") { Policy = policy };

    private async Task<OssClient> UploaderAsync(string policy) => Oss((await Sts(TestSts.User).AssumeRoleAsync(Request(policy))).Key);

    private static async Task DeniedAsync(Func<Task> act) => Assert.Equal("AccessDenied", (await Assert.ThrowsAsync<OssException>(act)).Error.Code);

    private static async Task<StsError> RefusedAsync(Func<Task> act) => (await Assert.ThrowsAsync<StsException>(act)).Error;

    [Fact]
    public async Task Lends_a_key_for_an_hour()
    {
        var lent = await Sts(TestSts.User).AssumeRoleAsync(Request());

        Assert.StartsWith("STS.", lent.Key.Id, StringComparison.Ordinal);
        Assert.True(lent.Key.IsTemporary);
        Assert.Equal((_sts.Clock.GetUtcNow().AddHours(1), TestSts.Role + "/alice"), (lent.Expiration, lent.AssumedRoleArn));
        Assert.EndsWith(":alice", lent.AssumedRoleId, StringComparison.Ordinal);
        await Oss(lent.Key).PutObjectAsync(Bucket, "anywhere", Body);
    }

    [Fact]
    public async Task Uploads_below_the_prefix_and_does_nothing_else()
    {
        await Oss(TestSts.User).PutObjectAsync(Bucket, "user/43/a", Body);
        var uploader = await UploaderAsync(SessionPolicy.ForPrefix(Bucket, "user/42/"));

        await uploader.PutObjectAsync(Bucket, "user/42/a", Body);
        var upload = await uploader.InitiateMultipartUploadAsync(Bucket, "user/42/b");
        var part = await uploader.UploadPartAsync(Bucket, "user/42/b", upload, 1, Body);
        var parts = new List<UploadedPart>();
        await foreach (var stored in uploader.ListPartsAsync(Bucket, "user/42/b", upload))
        {
            parts.Add(stored);
        }

        Assert.Equal(part.ETag, Assert.Single(parts).ETag);
        await uploader.CompleteMultipartUploadAsync(Bucket, "user/42/b", upload, parts);
        await uploader.AbortMultipartUploadAsync(Bucket, "user/42/c", await uploader.InitiateMultipartUploadAsync(Bucket, "user/42/c"));

        await DeniedAsync(() => uploader.PutObjectAsync(Bucket, "user/43/a", Body));
        await DeniedAsync(() => uploader.PutObjectAsync(Bucket, "user/420", Body));
        await DeniedAsync(() => uploader.PutObjectAsync(Bucket, "user/42", Body));
        await DeniedAsync(() => uploader.InitiateMultipartUploadAsync(Bucket, "elsewhere"));
        await DeniedAsync(() => TestOss.DownloadAsync(uploader, "user/42/a"));
        await DeniedAsync(() => uploader.DeleteObjectAsync(Bucket, "user/42/a"));
        Assert.Equal([1], await TestOss.DownloadAsync(Oss(TestSts.User), "user/42/b"));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("图片/封面.png")]
    [InlineData("a+b")]
    [InlineData("100%/a%2Fb")]
    [InlineData("say \"hi\"")]
    [InlineData("it's")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData("a/../b")]
    [InlineData("😀${x}[a]")]
    public async Task Uploads_to_the_one_key_and_to_no_other(string key)
    {
        var uploader = await UploaderAsync(SessionPolicy.ForKey(Bucket, key));

        await uploader.PutObjectAsync(Bucket, key, Body);

        await DeniedAsync(() => uploader.PutObjectAsync(Bucket, key + "a", Body));
        await DeniedAsync(() => uploader.PutObjectAsync(Bucket, key[..^1] + "~", Body));
        Assert.Equal([1], await TestOss.DownloadAsync(Oss(TestSts.User), key));

        var below = await UploaderAsync(SessionPolicy.ForPrefix(Bucket, key));
        await below.PutObjectAsync(Bucket, key + "/c", Body);
        await DeniedAsync(() => below.PutObjectAsync(Bucket, "z" + key, Body));
    }

    [Fact]
    public async Task Carries_the_longest_policies()
    {
        // 2,048 characters, most of which take nine in the URL.
        var policy = """{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":["*","acs:oss:*:*:b/""";
        policy += new string('中', AssumeRoleRequest.MaxPolicyLength - policy.Length - 4) + "\"]}}";

        Assert.Equal(AssumeRoleRequest.MaxPolicyLength, policy.Length);
        await (await UploaderAsync(policy)).PutObjectAsync(Bucket, "a", Body);
        await UploaderAsync(SessionPolicy.ForPrefix(Bucket, new string('中', OssLimits.MaxKeyLength / 3)));
        await Assert.ThrowsAsync<ArgumentException>(() => Sts(TestSts.User).AssumeRoleAsync(Request(policy + " ")));
    }

    [Fact]
    public async Task Lends_keys_that_end()
    {
        var lent = await Sts(TestSts.User).AssumeRoleAsync(Request() with { Duration = TimeSpan.FromSeconds(900) });

        _sts.Clock.Advance(TimeSpan.FromSeconds(899));
        await Oss(lent.Key).PutObjectAsync(Bucket, "a", Body);
        _sts.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(lent.Expiration, _sts.Clock.GetUtcNow());
        Assert.Equal("SecurityTokenExpired", (await Assert.ThrowsAsync<OssException>(() => Oss(lent.Key).PutObjectAsync(Bucket, "a", Body))).Error.Code);
        Assert.Equal("InvalidSecurityToken.Expired", (await RefusedAsync(() => Sts(lent.Key).AssumeRoleAsync(Request()))).Code);
    }

    [Fact]
    public async Task Lends_on_a_key_that_was_lent()
    {
        var first = await Sts(TestSts.User).AssumeRoleAsync(Request());
        await Oss((await Sts(first.Key).AssumeRoleAsync(Request())).Key).PutObjectAsync(Bucket, "a", Body);
    }

    [Fact]
    public async Task Says_what_STS_says_of_a_wrong_secret_and_nothing_of_the_request()
    {
        var lent = await Sts(TestSts.User).AssumeRoleAsync(Request());

        var refused = await Assert.ThrowsAsync<StsException>(() => Sts(lent.Key with { Secret = "wrongSecret" }).AssumeRoleAsync(Request(SessionPolicy.ForPrefix(Bucket, "user/42/"))));

        Assert.Equal(("SignatureDoesNotMatch", 400, "Specified signature does not match our calculation."), (refused.Error.Code, refused.Error.HttpStatus, refused.Error.Message));
        Assert.Matches("^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", refused.Error.RequestId);
        foreach (var secret in (string[])["wrongSecret", lent.Key.Secret, lent.Key.SecurityToken!, "user"])
        {
            Assert.DoesNotContain(secret, refused.ToString().Split('\n')[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Says_what_STS_refuses()
    {
        var stranger = await RefusedAsync(() => Sts(new AccessKey("LTAInobody", "secret")).AssumeRoleAsync(Request()));
        Assert.Equal(("InvalidAccessKeyId.NotFound", 404), (stranger.Code, stranger.HttpStatus));
        Assert.Equal("InvalidParameter.PolicyGrammar", (await RefusedAsync(() => Sts(TestSts.User).AssumeRoleAsync(Request("{}")))).Code);
    }

    [Fact]
    public async Task Lends_to_who_has_no_key_but_a_token()
    {
        const string Provider = "acs:ram::1234567890123456:oidc-provider/ack";
        var end = _sts.Clock.GetUtcNow().AddSeconds(1).ToUnixTimeSeconds();
        var token = string.Join('.', new[] { """{"alg":"RS256"}""", $$"""{"iss":"https://issuer.example.com","sub":"pod","aud":"sts.aliyuncs.com","exp":{{end}}}""", "signature" }
            .Select(part => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part))));
        var request = Request(SessionPolicy.ForPrefix(Bucket, "单 +%\"/"));

        var lent = await Sts(null).AssumeRoleWithOidcAsync(request, Provider, token);
        await Oss(lent.Key).PutObjectAsync(Bucket, "单 +%\"/a", Body);
        await DeniedAsync(() => Oss(lent.Key).PutObjectAsync(Bucket, "a", Body));

        _sts.Clock.Advance(TimeSpan.FromSeconds(1));
        var refused = await RefusedAsync(() => Sts(null).AssumeRoleWithOidcAsync(request, Provider, token));
        Assert.Equal(("AuthenticationFail.OIDCToken.Expired", 401), (refused.Code, refused.HttpStatus));
    }

    [Fact]
    public async Task Lends_the_same_key_from_memory_until_shortly_before_its_end()
    {
        var cache = new TemporaryCredentialsCache(Sts(TestSts.User).AssumeRoleAsync, _sts.Clock);

        var lent = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cache.GetAsync(Request())));
        var first = Assert.Single(lent.Distinct());
        _sts.Clock.Advance(TimeSpan.FromMinutes(55) - TimeSpan.FromSeconds(1));
        Assert.Same(first, await cache.GetAsync(Request()));
        _sts.Clock.Advance(TimeSpan.FromSeconds(1));

        var second = await cache.GetAsync(Request());
        Assert.NotEqual(first.Key, second.Key);
        Assert.Equal(_sts.Clock.GetUtcNow().AddHours(1), second.Expiration);
        await Oss(second.Key).PutObjectAsync(Bucket, "a", Body);
    }

    [Fact]
    public async Task Keeps_no_refusal()
    {
        var caller = TestSts.User with { Secret = "wrong" };
        var cache = new TemporaryCredentialsCache((request, token) => Sts(caller).AssumeRoleAsync(request, token), _sts.Clock);

        Assert.Equal("SignatureDoesNotMatch", (await RefusedAsync(() => cache.GetAsync(Request()))).Code);
        caller = TestSts.User;
        Assert.True((await cache.GetAsync(Request())).Key.IsTemporary);
    }
}
