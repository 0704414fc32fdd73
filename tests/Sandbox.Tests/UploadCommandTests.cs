using System.Text.Json.Nodes;
using Sandbox.Upload;

namespace Sandbox.Tests;

/// <summary>The command <c>upload</c>: what it reads, what it asks for, and the program as its user runs it.</summary>
public sealed class UploadCommandTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("upload-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a/b.tar oss://bucket", """{"source":{"file":"a/b.tar"},"key":"b.tar"}""")]
    [InlineData("b.tar oss://bucket/backups/", """{"source":{"file":"b.tar"},"key":"backups/b.tar"}""")]
    [InlineData("b.tar oss://bucket/backups/x.tar", """{"source":{"file":"b.tar"},"key":"backups/x.tar"}""")]
    [InlineData("folder/ oss://bucket/to/ --include *.jpg --exclude a* --exclude b* --skip-existing", """{"prefix":{"file":"folder/"},"destination":"to/","include":["*.jpg"],"exclude":["a*","b*"],"skipExisting":true}""")]
    [InlineData("https://host/p/a%20b.bin?sig=1 oss://bucket/to/ --bandwidth 200000 --in-flight 3 --dry-run",
        """{"source":{"url":"https://host/p/a%20b.bin?sig=1"},"key":"to/a b.bin","dryRun":true,"objectsInFlight":3,"bandwidth":200000}""")]
    [InlineData("oss://other/from/ oss://bucket/to/", """{"prefix":{"oss":"oss://other/from/"},"destination":"to/"}""")]
    public void Asks_for_the_job_that_the_command_line_means(string line, string document) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(document), JsonNode.Parse(UploadDocument.Of(UploadOptions.Parse(line.Split(' '))).ToJsonString())));

    [Theory]
    [InlineData("x", "upload needs SOURCE")]
    [InlineData("x y z", "upload needs SOURCE")]
    [InlineData("x bucket/prefix", "must be oss://")]
    [InlineData("x oss://", "must be oss://")]
    [InlineData("x oss://b --app https://a", "go together")]
    [InlineData("x oss://b --app nonsense --key k", "needs a URL")]
    [InlineData("x oss://b --bandwidth fast", "needs a number")]
    [InlineData("x oss://b --bandwidth", "needs a value")]
    [InlineData("x oss://b --unknown", "Unknown option")]
    public void Says_what_is_wrong_with_the_command_line(string line, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => UploadOptions.Parse(line.Split(' '))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Uploads_a_folder_and_ends_with_0_and_a_file_that_is_not_there_with_1()
    {
        var source = Path.Combine(_folder, "源 1");
        Directory.CreateDirectory(Path.Combine(source, "sub"));
        await File.WriteAllTextAsync(Path.Combine(source, "a.txt"), "a");
        await File.WriteAllTextAsync(Path.Combine(source, "sub", "b.txt"), "bb");
        await File.WriteAllTextAsync(Path.Combine(source, "c.tmp"), "c");
        using var deadline = new CancellationTokenSource(Patience);
        await using (var upload = Start("upload", source, $"oss://{Stack.Bucket}/to/", "--exclude", "*.tmp"))
        {
            Assert.Equal(0, await upload.WaitForExitAsync(deadline.Token));
            Assert.Contains("Succeeded: 2 uploaded, 0 left alone, 0 failed; 3 bytes.", upload.LogTail(), StringComparison.Ordinal);
        }

        await using var wrong = Start("upload", Path.Combine(_folder, "gone"), $"oss://{Stack.Bucket}/to/");
        Assert.Equal(1, await wrong.WaitForExitAsync(deadline.Token));
        Assert.Contains("There is no", wrong.LogTail(), StringComparison.Ordinal);
    }

    private ChildProcess Start(params string[] arguments) =>
        ChildProcess.Start("sandbox", "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Sandbox.dll"), .. arguments], _folder, Path.Combine(_folder, $"{Guid.NewGuid():N}.log"));
}
