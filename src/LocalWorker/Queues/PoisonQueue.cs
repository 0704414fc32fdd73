using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace LocalWorker.Queues;

/// <summary>Where messages go that could not be handled. Made when the first one comes.</summary>
internal sealed class PoisonQueue(QueueClient queue)
{
    public const string Suffix = "-poison";

    public string Name => queue.Name;

    public async Task SendAsync(QueueMessage message)
    {
        try
        {
            await queue.SendMessageAsync(message.Body);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await queue.CreateIfNotExistsAsync();
            await queue.SendMessageAsync(message.Body);
        }
    }
}
