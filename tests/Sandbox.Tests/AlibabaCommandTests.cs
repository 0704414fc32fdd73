using System.Text.Json;
using Sandbox.Alibaba;

namespace Sandbox.Tests;

/// <summary>The command <c>alibaba</c>: what it reads, and the program as its user runs it.</summary>
public sealed class AlibabaCommandTests : IDisposable
{
    private const string Settings = """
        {"Values":{"OSS_ACCESS_KEY_ID":"id","OSS_ACCESS_KEY_SECRET":"secret","Oss__Region":"cn-hangzhou","Oss__Endpoint":"https://oss-cn-hangzhou.aliyuncs.com","Oss__Bucket":"my-bucket"}}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("alibaba-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reads_every_option_that_the_usage_names()
    {
        var line = "--settings x --part cors --account 42 --user u --issuer https://i --subject s --audience a --doctor --job-tags --job-acl --help";
        var options = AlibabaOptions.Parse(line.Split(' '));
        Assert.Equal((Path.GetFullPath("x"), "cors", true), (options.Settings, options.Part, options.Help));
        Assert.Equal(
            ("42", "u", "https://i", "s", "a", true, true, true),
            (options.Wishes.Account, options.Wishes.User, options.Wishes.Issuer, options.Wishes.Subject, options.Wishes.Audience, options.Wishes.Doctor, options.Wishes.JobTags, options.Wishes.JobAcl));
        Assert.All(line.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal)), name => Assert.Contains($"  {name} ", AlibabaOptions.Usage, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--part nothing", "one of trust, policy")]
    [InlineData("--account mine", "the account's number")]
    [InlineData("--issuer http://i", "https URL")]
    [InlineData("--user", "needs a value")]
    [InlineData("--all", "Unknown option")]
    public void Says_what_is_wrong_with_the_command_line(string line, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => AlibabaOptions.Parse(line.Split(' '))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Prints_one_document_to_be_piped_or_all_of_them_or_what_is_wrong()
    {
        var file = Path.Combine(_folder, "settings.json");
        await File.WriteAllTextAsync(file, Settings);
        var (exitCode, output) = await RunAsync($"--settings {file} --part policy 2>/dev/null");
        Assert.Equal(0, exitCode);
        using (var policy = JsonDocument.Parse(output))
        {
            Assert.Equal("1", policy.RootElement.GetProperty("Version").GetString());
        }

        (exitCode, output) = await RunAsync($"--settings {file}");
        Assert.Equal(0, exitCode);
        Assert.Contains("aliyun ram CreatePolicy", output, StringComparison.Ordinal);
        Assert.Contains("<LifecycleConfiguration>", output, StringComparison.Ordinal);

        (exitCode, output) = await RunAsync($"--settings {file} --part trust");
        Assert.Equal(1, exitCode);
        Assert.Contains("set Oss__RoleArn", output, StringComparison.Ordinal);

        (exitCode, output) = await RunAsync($"--settings {file}.gone --part policy 2>/dev/null");
        Assert.Equal((1, ""), (exitCode, output));
        (exitCode, output) = await RunAsync($"--settings {file}.gone");
        Assert.Equal(1, exitCode);
        Assert.Contains("There is no settings file", output, StringComparison.Ordinal);
    }

    // By a shell, whose redirections tell the document from the notes beside it.
    private async Task<(int ExitCode, string Output)> RunAsync(string arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Sandbox.dll");
        await using var shell = ChildProcess.Start("sandbox", "sh", ["-c", $"dotnet exec {program} alibaba {arguments}"], _folder, Path.Combine(_folder, $"{Guid.NewGuid():N}.log"));
        using var deadline = new CancellationTokenSource(Patience);
        return (await shell.WaitForExitAsync(deadline.Token), shell.LogTail(1000));
    }
}
