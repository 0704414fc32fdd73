namespace Sandbox;

/// <summary>The function app as a process of its own, which can be killed and started again.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly string _folder;
    private ChildProcess? _process;

    private AppProcess(int port, string folder, IReadOnlyDictionary<string, string> settings)
    {
        Port = port;
        _folder = folder;
        _settings = settings;
    }

    /// <summary>Port of the app on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Base URL, without a slash at the end.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Peak resident memory of the running process in bytes.</summary>
    public long PeakWorkingSet => _process?.PeakWorkingSet ?? 0;

    /// <summary>Starts the app and waits until it answers.</summary>
    /// <param name="port">Port to serve on.</param>
    /// <param name="folder">Folder for its log.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<AppProcess> StartAsync(int port, string folder, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var app = new AppProcess(port, folder, settings);
        await app.StartAsync(cancellationToken);
        return app;
    }

    /// <summary>Starts the app anew after <see cref="KillAsync"/>.</summary>
    /// <exception cref="InvalidOperationException">It ended by itself or did not answer; the message has the last lines of its log.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        var program = Path.Combine(AppContext.BaseDirectory, "OssCallbackFunctions.dll");
        var process = _process = ChildProcess.Start("The function app", "dotnet", ["exec", program], _folder, Path.Combine(_folder, "app.log"), _settings);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var open = Ports.WaitUntilOpenAsync([Port], StartTimeout, stop.Token);
        await Task.WhenAny(open, process.WaitForExitAsync(stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (!open.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException($"The function app did not start.{Environment.NewLine}{process.LogTail()}");
        }
    }

    /// <summary>Kills the process in the middle of whatever it does (SIGKILL).</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Asks the process to end (SIGTERM), as platforms do before they take a machine away.</summary>
    /// <param name="patience">Time it has.</param>
    /// <returns>Whether it ended by itself.</returns>
    public Task<bool> StopAsync(TimeSpan patience) => _process?.StopAsync(patience) ?? Task.FromResult(true);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
