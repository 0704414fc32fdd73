using System.Diagnostics.Metrics;

namespace OssCallbackFunctions.Webhooks;

/// <summary>Counts attempts at deliveries.</summary>
public sealed class WebhookMetrics : IDisposable
{
    /// <summary>Attempts by <c>webhook.name</c>, <c>outcome</c> (delivered, pending, dead) and <c>error.type</c>.</summary>
    public const string Deliveries = "webhook.deliveries";

    private readonly Meter _meter = new(AppMeter.Name);
    private readonly Counter<long> _attempts;

    /// <summary>A meter of the app's name.</summary>
    public WebhookMetrics() => _attempts = _meter.CreateCounter<long>(Deliveries, "{attempt}", "Attempts at deliveries to webhooks.");

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal static string NameOf(DeliveryState state) => state switch { DeliveryState.Delivered => "delivered", DeliveryState.Pending => "pending", _ => "dead" };

    internal void Count(DeliveryRecord attempt)
    {
        var outcome = new KeyValuePair<string, object?>(AppMeter.Outcome, NameOf(attempt.State));
        var webhook = new KeyValuePair<string, object?>(WebhookTrace.Webhook, attempt.Webhook);
        if (attempt.LastError is { } error)
        {
            _attempts.Add(1, webhook, outcome, new KeyValuePair<string, object?>("error.type", error));
        }
        else
        {
            _attempts.Add(1, webhook, outcome);
        }
    }
}
