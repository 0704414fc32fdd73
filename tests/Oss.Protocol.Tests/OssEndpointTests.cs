namespace Oss.Protocol.Tests;

public sealed class OssEndpointTests
{
    [Theory]
    [InlineData("oss-cn-hangzhou.aliyuncs.com", "https://oss-cn-hangzhou.aliyuncs.com", OssAddressing.VirtualHost)]
    [InlineData("http://oss-cn-hangzhou.aliyuncs.com", "http://oss-cn-hangzhou.aliyuncs.com", OssAddressing.VirtualHost)]
    [InlineData("https://oss-cn-hangzhou.aliyuncs.com/", "https://oss-cn-hangzhou.aliyuncs.com", OssAddressing.VirtualHost)]
    [InlineData("https://oss-cn-hangzhou.aliyuncs.com:443", "https://oss-cn-hangzhou.aliyuncs.com", OssAddressing.VirtualHost)]
    [InlineData("localhost:9000", "https://localhost:9000", OssAddressing.VirtualHost)]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000", OssAddressing.Path)]
    [InlineData("127.0.0.1", "https://127.0.0.1", OssAddressing.Path)]
    [InlineData("http://[::1]:9000", "http://[::1]:9000", OssAddressing.Path)]
    public void Reads_an_endpoint(string text, string origin, OssAddressing addressing)
    {
        var endpoint = OssEndpoint.Parse(text);
        Assert.Equal(origin, endpoint.ToString());
        Assert.Equal(addressing, endpoint.Addressing);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ftp://oss-cn-hangzhou.aliyuncs.com")]
    [InlineData("https://oss-cn-hangzhou.aliyuncs.com/bucket")]
    [InlineData("https://oss-cn-hangzhou.aliyuncs.com?x=1")]
    [InlineData("https://oss-cn-hangzhou.aliyuncs.com#top")]
    [InlineData("https://user:secret@oss-cn-hangzhou.aliyuncs.com")]
    [InlineData("https://")]
    [InlineData("https://host:port")]
    [InlineData("two words")]
    public void Refuses_what_is_no_endpoint(string text)
    {
        Assert.False(OssEndpoint.TryParse(text, isCustomDomain: false, out _));
        Assert.Throws<FormatException>(() => OssEndpoint.Parse(text));
    }

    [Theory]
    [InlineData("oss-cn-hangzhou.aliyuncs.com", false, "https://bucket.oss-cn-hangzhou.aliyuncs.com/")]
    [InlineData("http://127.0.0.1:9000", false, "http://127.0.0.1:9000/bucket/")]
    [InlineData("https://files.example.com", true, "https://files.example.com/")]
    [InlineData("http://127.0.0.1:9000", true, "http://127.0.0.1:9000/")]
    public void Addresses_a_bucket_in_three_ways(string text, bool isCustomDomain, string url)
    {
        var endpoint = OssEndpoint.Parse(text, isCustomDomain);
        Assert.Equal(url, endpoint.BucketUrl("bucket"));
        Assert.Equal(url + "a%20b/../%25%2B%E4%B8%AD", endpoint.ObjectUrl("bucket", "a b/../%+中"));

        var signer = new V4Signer(Some.Key, Some.Region);
        foreach (var key in (string?[])["a b/../%+中", null])
        {
            var presigned = signer.Presign(new OssRequest("GET", "bucket", key), endpoint, Some.Time, TimeSpan.FromMinutes(1));
            Assert.StartsWith((key is null ? url : endpoint.ObjectUrl("bucket", key)) + "?x-oss-", presigned.Url, StringComparison.Ordinal);
        }

        var service = signer.Presign(new OssRequest("GET", null, null), endpoint, Some.Time, TimeSpan.FromMinutes(1));
        Assert.StartsWith($"{endpoint}/?x-oss-", service.Url, StringComparison.Ordinal);
    }
}
