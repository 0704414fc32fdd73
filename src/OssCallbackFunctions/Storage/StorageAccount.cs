using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Storage;

/// <summary>Tables, queues and containers of the storage account, each created the first time it is asked for.</summary>
public sealed class StorageAccount
{
    private const int MostPeeked = 32;
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly TableServiceClient _tables;
    private readonly QueueServiceClient _queues;
    private readonly BlobServiceClient _blobs;
    private readonly ConcurrentDictionary<string, Task<BlobContainerClient>> _openContainers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<TableClient>> _openTables = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<QueueClient>> _openQueues = new(StringComparer.Ordinal);

    /// <summary>Clients for the account in the options; nothing is called yet.</summary>
    public StorageAccount(IOptions<StorageOptions> options)
    {
        (_tables, _queues, _blobs) = StorageClients.Of(options.Value);
    }

    internal Task<TableClient> TableAsync(string name) => OnceAsync(_openTables, name, async () =>
    {
        var table = _tables.GetTableClient(name);
        await table.CreateIfNotExistsAsync();
        return table;
    });

    /// <summary>Sends a message that does not expire: it is done, or fails.</summary>
    /// <param name="name">Queue.</param>
    /// <param name="message">The message, in UTF-8.</param>
    /// <param name="delay">How long nobody sees it; null: at once.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal async Task SendAsync(string name, byte[] message, TimeSpan? delay, CancellationToken cancellationToken)
    {
        var queue = await QueueAsync(name).WaitAsync(cancellationToken);
        await queue.SendMessageAsync(BinaryData.FromBytes(message), delay, Forever, cancellationToken);
    }

    /// <summary>About how many messages a queue has, those that are hidden included; 0 when there is no such queue yet.</summary>
    internal async Task<int> CountMessagesAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await _queues.GetQueueClient(name).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return 0;
        }
    }

    /// <summary>The messages that could be received now, 32 at most, without receiving them; none when there is no such queue yet.</summary>
    internal async Task<IReadOnlyList<PeekedMessage>> PeekAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await _queues.GetQueueClient(name).PeekMessagesAsync(MostPeeked, cancellationToken)).Value;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return [];
        }
    }

    internal Task<QueueClient> QueueAsync(string name) => OnceAsync(_openQueues, name, async () =>
    {
        var queue = _queues.GetQueueClient(name);
        await queue.CreateIfNotExistsAsync();
        return queue;
    });

    internal Task<BlobContainerClient> ContainerAsync(string name) => OnceAsync(_openContainers, name, async () =>
    {
        var container = _blobs.GetBlobContainerClient(name);
        await container.CreateIfNotExistsAsync();
        return container;
    });

    private static async Task<T> OnceAsync<T>(ConcurrentDictionary<string, Task<T>> open, string name, Func<Task<T>> create)
    {
        var opening = open.GetOrAdd(name, _ => create());
        try
        {
            return await opening;
        }
        catch
        {
            // The next caller tries again.
            open.TryRemove(new KeyValuePair<string, Task<T>>(name, opening));
            throw;
        }
    }
}
