using Oss.Protocol;

namespace Oss.Emulator.Tests;

public sealed class CommandLineTests
{
    private static OssEmulatorOptions Parse(params string[] arguments) => CommandLine.Parse(arguments, _ => { });

    [Fact]
    public void Reads_what_it_is_given()
    {
        var options = Parse(
            "--data", "/tmp/x", "--port", "9100", "--bucket", "one", "--bucket", "two", "--access-key", "ID:SECRET", "--access-key", "STS.ID:SECRET:a:b",
            "--region", "cn-beijing", "--endpoint-name", "oss.example.test", "--https-port", "9143", "--cname", "files.example.test=one", "--no-v1", "--sts-port", "9200",
            "--fault-seed", "-7", "--cors", "http://localhost:5173", "--cors", "http://a.test");

        Assert.Equal(("/tmp/x", 9100, "cn-beijing", "oss.example.test"), (options.DataFolder, options.Port, options.Region, options.EndpointName));
        Assert.Equal((9143, 9200, false, -7), (options.HttpsPort, options.StsPort, options.AcceptsSignatureV1, options.FaultSeed));
        Assert.Equal([new("files.example.test", "one")], options.CustomDomains);
        Assert.Equal(["one", "two"], options.Buckets);
        Assert.Equal(["http://localhost:5173", "http://a.test"], options.CorsRules.Single().AllowedOrigins);
        Assert.Equal([new AccessKey("ID", "SECRET"), new AccessKey("STS.ID", "SECRET", "a:b")], options.AccessKeys);
    }

    [Fact]
    public void Takes_the_defaults_for_the_rest()
    {
        var options = Parse("--data", "/tmp/x", "--access-key", "ID:SECRET");

        Assert.Equal((9000, null, null, "cn-hangzhou", true), (options.Port, options.HttpsPort, options.StsPort, options.Region, options.AcceptsSignatureV1));
        Assert.Equal("oss-cn-hangzhou.localhost", options.EndpointHost);
        Assert.Equal(["examplebucket"], options.Buckets);
        Assert.Empty(options.CorsRules);
    }

    [Theory]
    [InlineData("--access-key A:B", "--data")]
    [InlineData("--data x", "--access-key")]
    [InlineData("--data x --access-key AB", "--access-key")]
    [InlineData("--data x --access-key A:B --port 70000", "--port 70000")]
    [InlineData("--data x --access-key A:B --https-port 70000", "--https-port 70000")]
    [InlineData("--data x --access-key A:B --sts-port x", "--sts-port x")]
    [InlineData("--data x --access-key A:B --cname files.example.test", "--cname")]
    [InlineData("--data x --access-key A:B --fault-seed 1.5", "--fault-seed")]
    [InlineData("--data x --data y --access-key A:B", "--data")]
    [InlineData("--data x --access-key", "--access-key")]
    [InlineData("--verbose", "--verbose")]
    public void Names_the_argument_that_cannot_be(string arguments, string named)
    {
        var refused = Assert.Throws<ArgumentException>(() => Parse(arguments.Split(' ')));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }
}
