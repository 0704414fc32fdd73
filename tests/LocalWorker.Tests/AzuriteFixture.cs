using Azure.Storage.Queues;
using LocalWorker.Tests;
using Sandbox;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace LocalWorker.Tests;

/// <summary>One Azurite for all tests; each test takes queues of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("local-worker-").FullName;
    private Azurite? _azurite;

    public string ConnectionString => _azurite!.ConnectionString;

    public async ValueTask InitializeAsync() => _azurite = await Azurite.StartAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        await _azurite!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A queue that nobody else uses. It is not created.</summary>
    public QueueClient NewQueue(string suffix = "", QueueMessageEncoding encoding = QueueMessageEncoding.Base64) =>
        Queue($"q{Guid.NewGuid():n}{suffix}", encoding);

    public QueueClient Queue(string name, QueueMessageEncoding encoding = QueueMessageEncoding.Base64, Action<QueueClientOptions>? configure = null)
    {
        var options = new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05) { MessageEncoding = encoding };
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        configure?.Invoke(options);
        return new(ConnectionString, name, options);
    }
}
