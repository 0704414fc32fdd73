using System.Text.Json;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Clients;

/// <summary>ali-oss of npm with a lent temporary key: what it does and what it expects stands in <c>ali-oss-sts.mjs</c>.</summary>
public sealed class AliOssTests(RunningApp app)
{
    private static readonly string Script = Path.Combine(Repository.Root, "tests", "OssCallbackFunctions.Tests", "Clients", "ali-oss-sts.mjs");

    [Theory]
    [InlineData("put", 5)]
    [InlineData("multipart", 300 * 1024)]
    public async Task Uploads_the_one_object_with_a_verified_callback(string scenario, int size)
    {
        var (answer, _) = await SessionClient.OpenAsync(app, new { kind = "sts", profile = "files", subject = "用户 7", fileName = "a b+中.bin", contentType = "application/x-test" });
        await RunAsync(scenario, answer.GetProperty("sts"));
        var told = Assert.Single(await app.EventsOfAsync(answer.GetProperty("id").GetString()!)).GetProperty("data");
        Assert.Equal(("用户 7", size, "application/x-test"), (told.GetProperty("subject").GetString(), told.GetProperty("size").GetInt32(), told.GetProperty("contentType").GetString()));
    }

    [Fact]
    public async Task Uploads_below_the_folder_of_a_subject()
    {
        var (answer, _) = await SessionClient.OpenAsync(app, new { kind = "sts", profile = "folders", subject = Guid.NewGuid().ToString("N"), fileName = "a.bin" });
        await RunAsync("folder", answer.GetProperty("sts"));
    }

    private static async Task RunAsync(string scenario, JsonElement lent)
    {
        var folder = Directory.CreateTempSubdirectory("ali-oss-sts-").FullName;
        try
        {
            await using var node = ChildProcess.Start(
                "node", "node", [Script, scenario], folder, Path.Combine(folder, "node.log"), new Dictionary<string, string> { ["LENT"] = lent.GetRawText(), ["FOLDER"] = folder });
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            Assert.True(await node.WaitForExitAsync(deadline.Token) == 0, node.LogTail(40));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
