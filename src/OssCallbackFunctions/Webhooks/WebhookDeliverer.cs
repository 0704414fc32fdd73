using System.Runtime.InteropServices;

namespace OssCallbackFunctions.Webhooks;

/// <summary>
/// Makes one attempt at a delivery and decides how it goes on. The next message, or the dead letter, is there before this one is gone, so a crash delivers twice at worst, and never
/// not at all.
/// </summary>
public sealed class WebhookDeliverer(WebhookList webhooks, WebhookClient client, WebhookQueue queue, DeliveryRecords records, TimeProvider clock, Jitter jitter)
{
    /// <summary>Makes an attempt, unless the delivery has ended.</summary>
    /// <returns>How far it is now; null when nothing was left to do.</returns>
    internal async Task<DeliveryRecord?> DeliverAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var known = await records.FindAsync(delivery.EventId, delivery.Webhook, cancellationToken);
        if (known?.Outdates(delivery) == true)
        {
            return null;
        }

        var reply = webhooks.TryFind(delivery.Webhook, out var webhook)
            ? await client.PostAsync(webhook, delivery.EventId, JsonMarshal.GetRawUtf8Value(delivery.Event).ToArray(), cancellationToken)
            : WebhookReply.NotConfigured;
        var attempts = delivery.Attempts + 1;
        var delay = reply.Error is null || reply.IsFinal ? null : WebhookRetry.DelayAfter(attempts, reply.RetryAfter, jitter());
        var now = clock.GetUtcNow();
        var outcome = new DeliveryRecord
        {
            Webhook = delivery.Webhook,
            State = reply.Error is null ? DeliveryState.Delivered : delay is null ? DeliveryState.Dead : DeliveryState.Pending,
            Attempts = attempts,
            LastStatus = reply.Status,
            LastError = reply.Error,
            LastAttemptAt = now,
            NextAttemptAt = now + delay,
            Ordered = delivery.Ordered,
        };
        if (outcome.State == DeliveryState.Dead)
        {
            // Before the row, which says that nothing is left to do.
            await queue.BuryAsync(new DeadDelivery(1, delivery.Webhook, delivery.EventId, reply.Error!, reply.Status, attempts, delivery.Event), cancellationToken);
        }

        await records.SaveAsync(delivery.EventId, known, outcome, cancellationToken);
        if (outcome.State == DeliveryState.Pending)
        {
            // After the row: whom somebody else was quicker than looks again, and leaves no second message.
            await queue.SendAsync(delivery with { Attempts = attempts }, delay, cancellationToken);
        }

        return outcome;
    }
}
