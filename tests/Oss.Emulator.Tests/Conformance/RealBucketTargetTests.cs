using Oss.Protocol;

namespace Oss.Emulator.Tests.Conformance;

public sealed class RealBucketTargetTests
{
    private static readonly Dictionary<string, string> Complete = new()
    {
        ["OSS_TEST_ENDPOINT"] = "oss-cn-beijing.aliyuncs.com", ["OSS_TEST_BUCKET"] = "examplebucket", ["OSS_ACCESS_KEY_ID"] = "LTAIexample", ["OSS_ACCESS_KEY_SECRET"] = "secret",
    };

    private static Func<string, string?> Environment(IReadOnlyDictionary<string, string> variables) => name => variables.GetValueOrDefault(name);

    [Fact]
    public void Without_its_variables_there_is_no_real_bucket()
    {
        Assert.Equal(["emulator", "emulator by host name"], ConformanceTarget.Names(_ => null));
        Assert.Equal(["emulator", "emulator by host name"], ConformanceTarget.Names(_ => ""));
        Assert.Equal(["emulator", "emulator by host name"], ConformanceTarget.Names(name => name.StartsWith("OSS_ACCESS_KEY", StringComparison.Ordinal) ? "x" : null));
        Assert.Equal(["emulator", "emulator by host name", "real bucket"], ConformanceTarget.Names(Environment(Complete)));
    }

    [Theory]
    [InlineData("OSS_TEST_ENDPOINT")]
    [InlineData("OSS_TEST_BUCKET")]
    [InlineData("OSS_ACCESS_KEY_ID")]
    [InlineData("OSS_ACCESS_KEY_SECRET")]
    public void Names_the_variable_that_is_missing(string missing)
    {
        var environment = Environment(Complete.Where(variable => variable.Key != missing).ToDictionary());

        Assert.Contains("real bucket", ConformanceTarget.Names(environment));
        Assert.Contains($"{missing} is not set", Assert.Throws<InvalidOperationException>(() => RealBucketTarget.From(environment)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oss-cn-beijing.aliyuncs.com", "cn-beijing")]
    [InlineData("http://oss-us-west-1-internal.aliyuncs.com", "us-west-1")]
    [InlineData("https://ap-southeast-1.oss.aliyuncs.com", "ap-southeast-1")]
    public void Takes_the_region_from_the_endpoint(string endpoint, string region)
    {
        var target = RealBucketTarget.From(Environment(new Dictionary<string, string>(Complete) { ["OSS_TEST_ENDPOINT"] = endpoint, ["OSS_SESSION_TOKEN"] = "token" }));

        Assert.Equal((region, "examplebucket", new AccessKey("LTAIexample", "secret", "token")), (target.Region, target.Bucket, target.Key));
    }

    [Theory]
    [InlineData("oss-accelerate.aliyuncs.com")]
    [InlineData("oss-accelerate-overseas.aliyuncs.com")]
    [InlineData("http://127.0.0.1:9000")]
    public void Asks_for_the_region_where_the_endpoint_has_none(string endpoint)
    {
        var variables = new Dictionary<string, string>(Complete) { ["OSS_TEST_ENDPOINT"] = endpoint };

        var error = Assert.Throws<InvalidOperationException>(() => RealBucketTarget.From(Environment(variables)));
        variables["OSS_TEST_REGION"] = "cn-shanghai";

        Assert.Contains("OSS_TEST_REGION is not set", error.Message, StringComparison.Ordinal);
        Assert.Equal("cn-shanghai", RealBucketTarget.From(Environment(variables)).Region);
    }
}
