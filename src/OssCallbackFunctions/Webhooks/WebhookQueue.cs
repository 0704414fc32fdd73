using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Webhooks;

/// <summary>Deliveries to webhooks, one message each on queue <c>webhook-deliveries</c>, and those that were given up.</summary>
public sealed class WebhookQueue(StorageAccount storage)
{
    /// <summary>Queue of the deliveries.</summary>
    public const string Deliveries = QueueNames.WebhookDeliveries;

    /// <summary>Queue of deliveries that were given up; nothing reads it but people.</summary>
    public const string Dead = Deliveries + "-dead";

    /// <summary>Asks for an event to be delivered.</summary>
    /// <param name="webhooks">Names of the webhooks.</param>
    /// <param name="eventId">Id of the event.</param>
    /// <param name="ordered">When this was asked for; the same each time the same is asked for.</param>
    /// <param name="happened">The event.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal Task OrderAsync(IEnumerable<string> webhooks, string eventId, DateTimeOffset ordered, JsonElement happened, CancellationToken cancellationToken) =>
        Task.WhenAll(webhooks.Select(webhook => SendAsync(new WebhookDelivery(webhook, eventId, ordered.ToUnixTimeMilliseconds(), 0, happened), null, cancellationToken)));

    internal Task SendAsync(WebhookDelivery delivery, TimeSpan? delay, CancellationToken cancellationToken) =>
        SendAsync(Deliveries, delivery, WebhookJson.Default.WebhookDelivery, delay, cancellationToken);

    internal Task BuryAsync(DeadDelivery dead, CancellationToken cancellationToken) => SendAsync(Dead, dead, WebhookJson.Default.DeadDelivery, null, cancellationToken);

    private Task SendAsync<T>(string name, T message, JsonTypeInfo<T> type, TimeSpan? delay, CancellationToken cancellationToken) =>
        storage.SendAsync(name, JsonSerializer.SerializeToUtf8Bytes(message, type), delay, cancellationToken);
}
