using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace LocalWorker.Tests.Queues;

/// <summary>One queue function on a queue of its own.</summary>
internal sealed class QueueHost(WorkerHost host, AzuriteFixture azurite, QueueClient queue) : IAsyncDisposable
{
    public WorkerHost Host => host;

    public Seen Seen => host.Seen;

    public QueueClient Queue => queue;

    /// <summary>What is in the poison queue is the text as it was sent, encoded or not.</summary>
    public QueueClient Poison { get; } = azurite.Queue(queue.Name + "-poison", QueueMessageEncoding.None);

    public static async Task<QueueHost> StartAsync(
        AzuriteFixture azurite, string function, Dictionary<string, string?>? settings = null, QueueClient? queue = null)
    {
        queue ??= azurite.NewQueue();
        var all = new Dictionary<string, string?>(settings ?? [])
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            // Queue names are lower case; a setting need not be.
            ["TestQueue"] = queue.Name.ToUpperInvariant(),
        };
        return new(await WorkerHost.StartAsync([function], all), azurite, queue);
    }

    public Task SendAsync(string message) => queue.SendMessageAsync(message, TestContext.Current.CancellationToken);

    public Task<QueueMessage> NextPoisonAsync() => Eventually.GetAsync(async () =>
        await Poison.ExistsAsync(TestContext.Current.CancellationToken)
            ? (await Poison.ReceiveMessageAsync(cancellationToken: TestContext.Current.CancellationToken)).Value
            : null);

    /// <summary>Stops the host, so that every message in work is settled, and counts what is left, seen or hidden.</summary>
    public async Task<int> StopAndCountAsync()
    {
        await host.StopAsync();
        QueueProperties properties = await queue.GetPropertiesAsync(TestContext.Current.CancellationToken);
        return properties.ApproximateMessagesCount;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
