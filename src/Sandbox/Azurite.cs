namespace Sandbox;

/// <summary>
/// Azurite, the Azure Storage emulator, as a child process on free ports of 127.0.0.1. Installs itself from <c>package-lock.json</c> the first time.
/// </summary>
/// <remarks>
/// It is stopped by SIGTERM and waited for: it writes its state every 5 s, so a SIGKILL would lose what was written last, queues and tables included.
/// </remarks>
public sealed class Azurite : IAsyncDisposable
{
    // The account that every Azurite has: public by design, good on this machine only.
    private const string AccountName = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly string Script = Path.Combine(NodePackages.Folder, "azurite", "dist", "src", "azurite.js");

    private readonly ChildProcess _process;

    private Azurite(ChildProcess process, string connectionString)
    {
        _process = process;
        ConnectionString = connectionString;
    }

    /// <summary>What <c>AzureWebJobsStorage</c> must be to reach this Azurite.</summary>
    public string ConnectionString { get; }

    /// <summary>Installs Azurite if it is not there, starts it with its state below <paramref name="folder"/>, and waits until it answers.</summary>
    /// <param name="folder">Created if missing; a folder of an earlier run brings that run's queues and tables back.</param>
    /// <param name="firstPort">Blob port; queue and table follow. Null: free ones.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<Azurite> StartAsync(string folder, int? firstPort = null, CancellationToken cancellationToken = default)
    {
        await NodePackages.InstallAsync(cancellationToken);
        Directory.CreateDirectory(folder);
        var (process, ports) = await StartAsync(folder, firstPort, attempt: 1, cancellationToken);
        var connectionString =
            $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};" +
            $"BlobEndpoint=http://127.0.0.1:{ports[0]}/{AccountName};" +
            $"QueueEndpoint=http://127.0.0.1:{ports[1]}/{AccountName};" +
            $"TableEndpoint=http://127.0.0.1:{ports[2]}/{AccountName};";
        return new Azurite(process, connectionString);
    }

    private static async Task<(ChildProcess Process, int[] Ports)> StartAsync(string folder, int? firstPort, int attempt, CancellationToken cancellationToken)
    {
        int[] ports = firstPort is { } first ? [first, first + 1, first + 2] : Ports.Free(3);
        var process = ChildProcess.Start(
            "Azurite",
            "node",
            [
                Script, "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--location", folder,
                "--blobHost", "127.0.0.1", "--blobPort", $"{ports[0]}",
                "--queueHost", "127.0.0.1", "--queuePort", $"{ports[1]}",
                "--tableHost", "127.0.0.1", "--tablePort", $"{ports[2]}",
            ],
            folder,
            Path.Combine(folder, "azurite.log"));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var end = process.WaitForExitAsync(ended.Token);
        var open = Ports.WaitUntilOpenAsync(ports, TimeSpan.FromSeconds(60), ended.Token);
        await Task.WhenAny(open, end);
        if (open.IsCompletedSuccessfully && !process.HasExited)
        {
            await ended.CancelAsync();
            return (process, ports);
        }

        // A port that was free a moment ago may be somebody's connection by now.
        var tail = process.LogTail();
        var isTaken = process.HasExited && tail.Contains("EADDRINUSE", StringComparison.Ordinal) && firstPort is null;
        await ended.CancelAsync();
        await process.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return isTaken && attempt < 3
            ? await StartAsync(folder, firstPort, attempt + 1, cancellationToken)
            : throw new InvalidOperationException($"Azurite did not start.{Environment.NewLine}{tail}", open.Exception?.InnerException);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
