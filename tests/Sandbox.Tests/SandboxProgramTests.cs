using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Sandbox.Tests;

/// <summary>The program as its user runs it: a process of its own.</summary>
public sealed partial class SandboxProgramTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly string _folder = Directory.CreateTempSubdirectory("sandbox-tests-").FullName;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Uploads_all_five_ways_and_ends_with_0()
    {
        await using var sandbox = Start("--once", "--size", "8");
        using var deadline = new CancellationTokenSource(Patience);
        var exitCode = await sandbox.WaitForExitAsync(deadline.Token);
        var output = sandbox.LogTail(100);
        Assert.True(exitCode == 0, output);
        Assert.Equal(["a", "b", "c", "d", "e"], VerifiedRow().Matches(output).Select(row => row.Groups[1].Value));
        var state = StateFolder().Match(output).Groups[1].Value.Trim();
        Assert.False(Directory.Exists(state), "The folder of a run that went well is removed.");
    }

    [Fact]
    public async Task Keeps_serving_until_it_is_stopped_and_stops_everything_it_started()
    {
        var state = Path.Combine(_folder, "state");
        await using var sandbox = Start("--size", "1", "--folder", state);
        using var deadline = new CancellationTokenSource(Patience);
        while (!sandbox.LogTail(100).Contains("Ctrl-C stops everything", StringComparison.Ordinal))
        {
            Assert.False(sandbox.HasExited, sandbox.LogTail(100));
            await Task.Delay(100, deadline.Token);
        }

        var output = sandbox.LogTail(100);
        Assert.Matches("Function key +[0-9a-f]{32} ", output);
        var ports = Port().Matches(output).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).Distinct().ToArray();
        Assert.Equal(5, ports.Length);
        Assert.All(ports, port => Assert.True(IsOpen(port), $"{port} is closed."));

        // The line to try, tried.
        var curl = output.Split('\n').Single(line => line.StartsWith("curl ", StringComparison.Ordinal));
        await using (var shell = ChildProcess.Start("sh", "sh", ["-c", curl], _folder, Path.Combine(_folder, "try.log")))
        {
            Assert.Equal(0, await shell.WaitForExitAsync(deadline.Token));
            Assert.Contains("x-oss-signature=", shell.LogTail(), StringComparison.Ordinal);
        }

        await sandbox.StopAsync(Patience);
        Assert.All(ports, port => Assert.False(IsOpen(port), $"{port} is still open."));
        Assert.True(Directory.Exists(state), "A folder that was asked for is kept.");
    }

    [Fact]
    public async Task Explains_an_option_it_does_not_know()
    {
        await using var sandbox = Start("--twice");
        using var deadline = new CancellationTokenSource(Patience);
        Assert.Equal(2, await sandbox.WaitForExitAsync(deadline.Token));
        Assert.Contains("Unknown option '--twice'", sandbox.LogTail(40), StringComparison.Ordinal);
        Assert.Contains("--once", sandbox.LogTail(40), StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_no_class_of_the_app() =>
        Assert.DoesNotContain(typeof(Stack).Assembly.GetReferencedAssemblies(), reference => reference.Name is "OssCallbackFunctions" or "LocalWorker");

    private ChildProcess Start(params string[] arguments) => ChildProcess.Start(
        "Sandbox", "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Sandbox.dll"), .. arguments], _folder, Path.Combine(_folder, "output.log"));

    private static bool IsOpen(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"│ ([a-e])\. [^│]*│[^│]*│[^│]*│ verified +│ yes +│")]
    private static partial Regex VerifiedRow();

    [GeneratedRegex("State, logs and files: (.*)")]
    private static partial Regex StateFolder();

    [GeneratedRegex("http://127.0.0.1:([0-9]+)")]
    private static partial Regex Port();
}
