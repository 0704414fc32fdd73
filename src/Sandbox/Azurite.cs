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

    private Azurite(ChildProcess process, int[] ports, string scheme)
    {
        _process = process;
        string Url(int port) => $"{scheme}://127.0.0.1:{port}/{AccountName}";
        (BlobUrl, QueueUrl, TableUrl) = (Url(ports[0]), Url(ports[1]), Url(ports[2]));
        ConnectionString =
            $"DefaultEndpointsProtocol={scheme};AccountName={AccountName};AccountKey={AccountKey};BlobEndpoint={BlobUrl};QueueEndpoint={QueueUrl};TableEndpoint={TableUrl};";
    }

    /// <summary>What <c>AzureWebJobsStorage</c> must be to reach this Azurite.</summary>
    public string ConnectionString { get; }

    /// <summary>Where its blobs are.</summary>
    public string BlobUrl { get; }

    /// <summary>Where its queues are.</summary>
    public string QueueUrl { get; }

    /// <summary>Where its tables are.</summary>
    public string TableUrl { get; }

    /// <summary>Installs Azurite if it is not there, starts it with its state below <paramref name="folder"/>, and waits until it answers.</summary>
    /// <param name="folder">Created if missing; a folder of an earlier run brings that run's queues and tables back.</param>
    /// <param name="firstPort">Blob port; queue and table follow. Null: free ones.</param>
    /// <param name="certificate">Serves over https, and takes tokens of identities (unsigned ones too) as well as the account's key; null: http and the key.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<Azurite> StartAsync(string folder, int? firstPort = null, StorageCertificate? certificate = null, CancellationToken cancellationToken = default)
    {
        await NodePackages.InstallAsync(cancellationToken);
        Directory.CreateDirectory(folder);
        var (process, ports) = await StartAsync(folder, firstPort, certificate, attempt: 1, cancellationToken);
        return new Azurite(process, ports, certificate is null ? "http" : "https");
    }

    private static async Task<(ChildProcess Process, int[] Ports)> StartAsync(string folder, int? firstPort, StorageCertificate? certificate, int attempt, CancellationToken cancellationToken)
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
                .. certificate is null ? Array.Empty<string>() : ["--oauth", "basic", "--cert", certificate.CertificatePath, "--key", certificate.KeyPath],
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
            ? await StartAsync(folder, firstPort, certificate, attempt + 1, cancellationToken)
            : throw new InvalidOperationException($"Azurite did not start.{Environment.NewLine}{tail}", open.Exception?.InnerException);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
