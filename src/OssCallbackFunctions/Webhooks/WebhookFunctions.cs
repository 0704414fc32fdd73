using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace OssCallbackFunctions.Webhooks;

/// <summary>RECEIVE, and tell: delivers events to webhooks.</summary>
public sealed partial class WebhookFunctions(WebhookDeliverer deliverer, WebhookMetrics metrics, ILogger<WebhookFunctions> logger)
{
    /// <summary>
    /// Makes one attempt at a delivery. When the receiver does not take it, another message comes later; when the storage account fails, the host brings this one again.
    /// </summary>
    [Function("WebhookDelivery")]
    public async Task DeliverAsync([QueueTrigger(WebhookQueue.Deliveries)] string message, CancellationToken cancellationToken)
    {
        var delivery = WebhookDelivery.Parse(message);
        using var activity = WebhookTrace.Start(delivery);
        if (await deliverer.DeliverAsync(delivery, cancellationToken) is { } outcome)
        {
            metrics.Count(outcome);
            activity?.SetTag(AppMeter.Outcome, WebhookMetrics.NameOf(outcome.State));
            var level = outcome.State switch { DeliveryState.Delivered => LogLevel.Information, DeliveryState.Pending => LogLevel.Warning, _ => LogLevel.Error };
            LogAttempt(logger, level, delivery.EventId, delivery.Webhook, outcome.State, outcome.Attempts, outcome.LastStatus, outcome.LastError);
        }
    }

    [LoggerMessage(Message = "Event {EventId} for webhook {Webhook} is {State} after {Attempts} attempts (status {Status}, error {Error})")]
    private static partial void LogAttempt(ILogger logger, LogLevel level, string eventId, string webhook, DeliveryState state, int attempts, int? status, string? error);
}
