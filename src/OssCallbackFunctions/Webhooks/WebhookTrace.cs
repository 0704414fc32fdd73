using System.Diagnostics;
using System.Text.Json;

namespace OssCallbackFunctions.Webhooks;

/// <summary>The delivery's place in the trace of the event.</summary>
internal static class WebhookTrace
{
    /// <summary>Name of the activity of one attempt.</summary>
    public const string Delivery = "webhook.delivery";

    /// <summary>Name of the webhook.</summary>
    public const string Webhook = "webhook.name";

    /// <summary>Begins the activity of an attempt; null when nobody listens.</summary>
    public static Activity? Start(WebhookDelivery delivery) =>
        AppTrace.Continue(Delivery, ActivityKind.Consumer, TraceParentOf(delivery.Event))?.SetTag(Webhook, delivery.Webhook).SetTag("event.id", delivery.EventId);

    /// <summary>The trace context of an event; null: it has none.</summary>
    public static string? TraceParentOf(JsonElement happened) =>
        happened.TryGetProperty(TraceParent.Name, out var value) && value.ValueKind == JsonValueKind.String ? TraceParent.Valid(value.GetString()) : null;
}
