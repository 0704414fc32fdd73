using System.Text.Json;

namespace Oss.Protocol.Tests.Sts;

public sealed class SessionPolicyTests
{
    [Fact]
    public void Lends_what_uploads_need_below_one_prefix() => Assert.Equal(
        """{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:PutObject","oss:AbortMultipartUpload","oss:ListParts"],"Resource":["acs:oss:*:*:examplebucket/user/42/*"]}]}""",
        SessionPolicy.ForPrefix(Some.Bucket, "user/42/"));

    [Fact]
    public void Lends_what_uploads_need_on_one_key() => Assert.Equal(
        """{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:PutObject","oss:AbortMultipartUpload","oss:ListParts"],"Resource":["acs:oss:*:*:examplebucket/user/42/a"]}]}""",
        SessionPolicy.ForKey(Some.Bucket, "user/42/a"));

    [Theory]
    [InlineData("a b")]
    [InlineData("中文/封面.png")]
    [InlineData("a+b%2Fc%")]
    [InlineData("\"],\"Resource\":[\"acs:oss:cn:1:other/")]
    [InlineData("a\\\"b")]
    [InlineData("a\u0001\n\u2028b")]
    [InlineData("😀")]
    [InlineData("a/../b")]
    [InlineData("a:b")]
    public void Carries_every_key_to_the_letter(string key)
    {
        using var json = JsonDocument.Parse(SessionPolicy.ForKey(Some.Bucket, key));

        Assert.Equal($"acs:oss:*:*:examplebucket/{key}", Resource(json));
        Assert.Equal(["Version", "Statement"], json.RootElement.EnumerateObject().Select(member => member.Name));
        using var below = JsonDocument.Parse(SessionPolicy.ForPrefix(Some.Bucket, key));
        Assert.Equal($"acs:oss:*:*:examplebucket/{key}*", Resource(below));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("user/*")]
    [InlineData("user/4?")]
    [InlineData("")]
    [InlineData("/user")]
    [InlineData("\\user")]
    public void Refuses_keys_and_prefixes_that_would_widen_it_or_are_none(string key)
    {
        Assert.Equal("key", Assert.Throws<ArgumentException>(() => SessionPolicy.ForKey(Some.Bucket, key)).ParamName);
        Assert.Equal("prefix", Assert.Throws<ArgumentException>(() => SessionPolicy.ForPrefix(Some.Bucket, key)).ParamName);
    }

    // No attribute can hold half a pair.
    [Fact]
    public void Refuses_what_is_no_text() => Assert.Throws<ArgumentException>(() => SessionPolicy.ForKey(Some.Bucket, "a\ud83d"));

    [Theory]
    [InlineData("*")]
    [InlineData("example*")]
    [InlineData("examplebucket/a")]
    [InlineData("")]
    public void Refuses_what_is_no_bucket(string bucket) => Assert.Equal("bucket", Assert.Throws<ArgumentException>(() => SessionPolicy.ForKey(bucket, "a")).ParamName);

    [Fact]
    public void Is_never_longer_than_STS_takes()
    {
        // A quote takes two characters.
        var around = SessionPolicy.ForKey(Some.Bucket, "a").Length - 1;
        var most = new string('"', (2048 - around) / 2);

        Assert.InRange(SessionPolicy.ForKey(Some.Bucket, most).Length, 2047, 2048);
        var refused = Assert.Throws<ArgumentException>(() => SessionPolicy.ForKey(Some.Bucket, most + "\""));
        Assert.Contains("STS allows 2048", refused.Message, StringComparison.Ordinal);
        Assert.InRange(SessionPolicy.ForKey(Some.Bucket, new string('a', OssLimits.MaxKeyLength)).Length, 1, 2048);
        Assert.InRange(SessionPolicy.ForKey(Some.Bucket, new string('中', OssLimits.MaxKeyLength / 3)).Length, 1, 2048);
    }

    private static string? Resource(JsonDocument policy) => policy.RootElement.GetProperty("Statement").EnumerateArray().Single().GetProperty("Resource").EnumerateArray().Single().GetString();
}
