using System.Diagnostics;

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

    public static async Task<ServerProcess> StartAsync(ServerKind kind, string folder)
    {
        var data = Path.Combine(folder, $"{kind}-{Guid.NewGuid():N}");
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ServerProcess).Assembly.Location, ServerProgram.Name, kind.ToString(), data])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
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
        Directory.Delete(Folder, recursive: true);
    }
}
