namespace Oss.Protocol.Tests.Signing;

public sealed class KeyEndTests
{
    private static readonly OssEndpoint Endpoint = OssEndpoint.Parse("https://oss-cn-hangzhou.aliyuncs.com");

    private static V4Signer Signer(double secondsLeft) => new(new AccessKey("STS.1", "secret", "token"), "cn-hangzhou") { Expires = Some.Time.AddSeconds(secondsLeft) };

    [Theory]
    [InlineData(1000, 900, 900)]
    [InlineData(900, 900, 900)]
    [InlineData(300, 900, 300)]
    [InlineData(300.9, 900, 300)]
    [InlineData(0.5, 900, 1)]
    [InlineData(-5, 900, 1)]
    public void A_URL_and_a_form_end_no_later_than_the_key(double left, int asked, int given)
    {
        var url = Signer(left).Presign(new OssRequest("PUT", "examplebucket", "k"), Endpoint, Some.Time, TimeSpan.FromSeconds(asked));
        Assert.Contains($"x-oss-expires={given}&", url.Url, StringComparison.Ordinal);
        Assert.Equal(Some.Time.AddSeconds(given), url.Expires);

        var form = PostForm.Sign(Signer(left), Endpoint, "examplebucket", [new("key", "k")], 0, 1, Some.Time, TimeSpan.FromSeconds(asked));
        Assert.Equal(given, (int)(form.Expires - Some.Time).TotalSeconds);
    }

    [Fact]
    public void A_lifetime_that_OSS_refuses_is_refused_whenever_the_key_ends()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Signer(60).Presign(new OssRequest("PUT", "examplebucket", "k"), Endpoint, Some.Time, TimeSpan.FromHours(13)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Signer(60).Presign(new OssRequest("PUT", "examplebucket", "k"), Endpoint, Some.Time, TimeSpan.Zero));
    }
}
