using System.Security.Cryptography;
using Oss.Emulator;
using Oss.Protocol;

namespace Sandbox;

/// <summary>Everything that runs: Azurite, the OSS emulator (in this process) and the function app, wired together.</summary>
public sealed class Stack : IAsyncDisposable
{
    /// <summary>Region of the emulated OSS.</summary>
    public const string Region = "cn-hangzhou";

    /// <summary>The bucket.</summary>
    public const string Bucket = "sandbox-bucket";

    /// <summary>The container of blobs that bulk uploads may take, and the name that jobs call it by.</summary>
    public const string BlobContainer = "sources";

    /// <summary>The same, for the app's identity, where storage takes tokens.</summary>
    public const string IdentityContainer = "own";

    // How long the queue hides a message from others when the worker that took it is killed; the real host's is 10 minutes.
    private static readonly TimeSpan MessageVisibility = TimeSpan.FromSeconds(5);

    // Nobody pays for the storage calls here: an empty queue is looked at more often than host.json says.
    private static readonly TimeSpan PollingInterval = TimeSpan.FromMilliseconds(200);

    private readonly Azurite _azurite;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly List<AppProcess> _moreApps = [];

    private Stack(
        string folder, Azurite azurite, OssEmulator oss, AppProcess app, IReadOnlyDictionary<string, string> environment, string functionKey, AccessKey accessKey)
    {
        Folder = folder;
        _azurite = azurite;
        _environment = environment;
        Oss = oss;
        App = app;
        FunctionKey = functionKey;
        AccessKey = accessKey;
    }

    /// <summary>Folder of state, logs and source files.</summary>
    public string Folder { get; }

    /// <summary>Folder that bulk uploads may take files from.</summary>
    public string SourceFolder => SourceFolderBelow(Folder);

    /// <summary>The OSS emulator.</summary>
    public OssEmulator Oss { get; }

    /// <summary>The function app.</summary>
    public AppProcess App { get; }

    /// <summary>Function key of the app, made for this run.</summary>
    public string FunctionKey { get; }

    /// <summary>Key that the app signs with, made for this run.</summary>
    public AccessKey AccessKey { get; }

    /// <summary>Settings of the app, by their environment variables.</summary>
    public IReadOnlyDictionary<string, string> Settings => _environment;

    /// <summary>Connection string of the storage account.</summary>
    public string StorageConnectionString => _azurite.ConnectionString;

    /// <summary>Starts all three.</summary>
    /// <param name="folder">Folder of state; created if missing.</param>
    /// <param name="appPort">Port of the app; null: a free one.</param>
    /// <param name="ossPort">Port of the emulator; 0: a free one.</param>
    /// <param name="storagePort">First port of Azurite; null: free ones.</param>
    /// <param name="settings">Settings of the app that differ from the sandbox's own.</param>
    /// <param name="storageCertificate">Storage is served over https, and the app has no connection string but the addresses, as in Azure: its identity is for the settings to say.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<Stack> StartAsync(
        string folder, int? appPort = null, int ossPort = 0, int? storagePort = null, IReadOnlyDictionary<string, string>? settings = null, StorageCertificate? storageCertificate = null,
        CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(SourceFolderBelow(folder));
        var accessKey = new AccessKey("LTAI-sandbox", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(15)));
        var functionKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var azurite = await Azurite.StartAsync(Path.Combine(folder, "azurite"), storagePort, storageCertificate, cancellationToken);
        OssEmulator? oss = null;
        try
        {
            oss = await OssEmulator.StartAsync(
                new OssEmulatorOptions { Region = Region, Buckets = [Bucket], AccessKeys = [accessKey], DataFolder = Path.Combine(folder, "oss"), Port = ossPort, StsPort = 0 }, cancellationToken);
            var port = appPort ?? Ports.Free(1)[0];
            var environment = new Dictionary<string, string>
            {
                ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
                ["AzureWebJobsStorage"] = storageCertificate is null ? azurite.ConnectionString : "",
                ["Oss__Region"] = Region,
                ["Oss__Endpoint"] = oss.Endpoint,
                ["Oss__Bucket"] = Bucket,
                ["OSS_ACCESS_KEY_ID"] = accessKey.Id,
                ["OSS_ACCESS_KEY_SECRET"] = accessKey.Secret,
                ["OSS_SESSION_TOKEN"] = "",
                ["Oss__StsEndpoint"] = oss.StsEndpoint!,
                ["Sts__Endpoint"] = oss.StsEndpoint!,
                ["Sts__RoleArn"] = "acs:ram::1234567890123456:role/uploads",
                ["Callbacks__TestKeyUrl"] = oss.CallbackKeyUrl,
                ["Callbacks__TestKeyPem"] = oss.CallbackPublicKeyPem,
                ["Grants__Secret"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
                ["BulkUploads__FileRoot"] = SourceFolderBelow(folder),
                ["BulkUploads__OssSourceBuckets"] = Bucket,
                [$"BulkUploads__BlobContainers__{BlobContainer}__ConnectionString"] = azurite.ConnectionString,
                [$"BulkUploads__BlobContainers__{BlobContainer}__Container"] = BlobContainer,
                ["LocalWorker__FunctionKey"] = functionKey,
                ["LocalWorker__MessageVisibility"] = MessageVisibility.ToString("c"),
                ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = PollingInterval.ToString("c"),
            };
            if (storageCertificate is not null)
            {
                environment[$"BulkUploads__BlobContainers__{IdentityContainer}__Url"] = $"{azurite.BlobUrl}/{BlobContainer}";
                environment["AzureWebJobsStorage__blobServiceUri"] = azurite.BlobUrl;
                environment["AzureWebJobsStorage__queueServiceUri"] = azurite.QueueUrl;
                environment["AzureWebJobsStorage__tableServiceUri"] = azurite.TableUrl;
                // .NET trusts what is in it, on Linux.
                environment["SSL_CERT_FILE"] = storageCertificate.CertificatePath;
            }

            foreach (var (name, value) in settings ?? new Dictionary<string, string>())
            {
                environment[name] = value;
            }

            var app = await StartAppAsync(port, Path.Combine(folder, "app"), environment, cancellationToken);
            return new Stack(folder, azurite, oss, app, environment, functionKey, accessKey);
        }
        catch
        {
            if (oss is not null)
            {
                await oss.DisposeAsync();
            }

            await azurite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another instance of the app, on a port of its own: same storage account, same keys, same settings. It ends with the others.</summary>
    public async Task<AppProcess> StartAnotherAppAsync(int? port = null, CancellationToken cancellationToken = default)
    {
        var app = await StartAppAsync(port ?? Ports.Free(1)[0], Path.Combine(Folder, $"app-{_moreApps.Count + 2}"), _environment, cancellationToken);
        _moreApps.Add(app);
        return app;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var app in _moreApps)
        {
            await app.DisposeAsync();
        }

        await App.DisposeAsync();
        await Oss.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    private static Task<AppProcess> StartAppAsync(int port, string folder, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var url = $"http://127.0.0.1:{port}";
        var own = new Dictionary<string, string>(environment) { ["LocalWorker__Urls"] = url };
        // A test may say otherwise.
        own.TryAdd("Callbacks__PublicBaseUrl", url);
        return AppProcess.StartAsync(port, folder, own, cancellationToken);
    }

    private static string SourceFolderBelow(string folder) => Path.Combine(folder, "source");
}
