using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Emulator;

/// <summary>A server as a child process. It goes when it is disposed of, or when this process ends in any other way.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ServerProcess(ServerKind kind, string folder, Process process, Uri address)
    {
        Kind = kind;
        Folder = folder;
        _process = process;
        Address = address;
    }

    public ServerKind Kind { get; }

    public string Folder { get; }

    public Uri Address { get; }

    /// <summary>The most memory the process had in its working set so far, in bytes.</summary>
    public long PeakWorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Processor time of the process so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes that the process has allocated so far.</summary>
    public long Allocated()
    {
        _process.StandardInput.WriteLine(ServerProgram.AskAllocated);
        return long.Parse(_process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    /// <summary>Starts a server.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="folder">Where its own folder is made.</param>
    /// <param name="environment">Variables of its environment beside this process's.</param>
    public static async Task<ServerProcess> StartAsync(ServerKind kind, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var data = Path.Combine(folder, $"{kind}-{Guid.NewGuid():N}");
        var program = typeof(ServerProcess).Assembly.Location;
        // The app is measured as it runs: by its own settings of the runtime, not by those of this program.
        string[] settings = kind == ServerKind.App ? ["--runtimeconfig", Path.Combine(Path.GetDirectoryName(program)!, "OssCallbackFunctions.runtimeconfig.json")] : [];
        var start = new ProcessStartInfo("dotnet", ["exec", .. settings, program, ServerProgram.Name, kind.ToString(), data])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var address = await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException($"The server {kind} did not start.");
        return new ServerProcess(kind, data, process, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        _process.Dispose();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
