using Sandbox;

namespace Oss.Emulator.Tests.Clients;

/// <summary>ali-oss of npm as a client: what it does and what it expects stands in <c>ali-oss.mjs</c>.</summary>
public sealed class AliOssTests
{
    private const string Name = "oss-cn-hangzhou.localhost";

    private static readonly string Script = Path.Combine(Repository.Root, "tests", "Oss.Emulator.Tests", "Clients", "ali-oss.mjs");

    [Theory]
    [InlineData("objects", "v4", "127.0.0.1")]
    [InlineData("objects", "v1", "127.0.0.1")]
    [InlineData("objects", "v4", Name)]
    [InlineData("lists", "v4", "127.0.0.1")]
    [InlineData("lists", "v1", Name)]
    [InlineData("buckets", "v4", Name)]
    [InlineData("buckets", "v1", "127.0.0.1")]
    [InlineData("multipart", "v4", "127.0.0.1")]
    [InlineData("multipart", "v1", Name)]
    [InlineData("urls", "v4", "127.0.0.1")]
    [InlineData("urls", "v4", Name)]
    [InlineData("urls", "v1", Name)]
    [InlineData("forms", "v4", "127.0.0.1")]
    [InlineData("forms", "v1", "127.0.0.1")]
    [InlineData("callbacks", "v4", "127.0.0.1")]
    [InlineData("callbacks", "v1", Name)]
    [InlineData("sts", "v4", "127.0.0.1")]
    [InlineData("sts", "v1", Name)]
    public async Task Finds_what_it_expects(string scenario, string signature, string host)
    {
        await NodePackages.InstallAsync();
        var folder = Directory.CreateTempSubdirectory("oss-emulator-ali-oss-").FullName;
        try
        {
            await using var called = await CallbackServer.StartAsync(http => http.Request.Path == "/fails"
                ? CallbackServer.WriteAsync(http, 500, "{}")
                : CallbackServer.WriteAsync(http, 200, """{"Status":"OK"}"""));
            await using var emulator = await OssEmulator.StartAsync(new OssEmulatorOptions
            {
                DataFolder = Path.Combine(folder, "data"),
                AccessKeys = [TestOss.Key],
                EndpointName = Name,
                StsPort = 0,
            });

            var port = new Uri(emulator.Endpoint).Port;
            await using var node = ChildProcess.Start("node", "node", [Script, scenario], folder, Path.Combine(folder, "node.log"), new Dictionary<string, string>
            {
                ["OSS_ENDPOINT"] = $"http://{host}:{port}",
                ["OSS_STS_ENDPOINT"] = emulator.StsEndpoint!,
                ["OSS_BUCKET"] = TestOss.BucketName,
                ["OSS_REGION"] = "cn-hangzhou",
                ["OSS_ID"] = TestOss.Key.Id,
                ["OSS_SECRET"] = TestOss.Key.Secret,
                ["OSS_SIGNATURE"] = signature,
                ["CALLBACK_URL"] = called.Url,
            });
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var exitCode = await node.WaitForExitAsync(deadline.Token);

            Assert.True(exitCode == 0, $"{node.LogTail(40)}{Environment.NewLine}{string.Join(Environment.NewLine, emulator.Requests.Select(r => $"{r.Status} {r.Operation} {r.Bucket}/{r.Key} {r.ErrorCode}").TakeLast(10))}");
            Assert.All(emulator.Callbacks.Where(callback => callback.Succeeded), callback => Assert.Equal(200, callback.Status));
            Assert.Equal(scenario == "callbacks" ? 2 : 0, emulator.Callbacks.Count(callback => callback.Succeeded));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
