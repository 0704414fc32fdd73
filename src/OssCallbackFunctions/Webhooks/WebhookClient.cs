using System.Globalization;
using System.Net.Http.Headers;

namespace OssCallbackFunctions.Webhooks;

/// <summary>Posts events to webhooks by Standard Webhooks. Redirects are not followed: the event and its signature are for the address that was configured.</summary>
public sealed class WebhookClient(HttpClient http, TimeProvider clock)
{
    /// <summary>Time for a whole attempt, from the connection to the headers of the answer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Makes one attempt.</summary>
    internal async Task<WebhookReply> PostAsync(Webhook webhook, string eventId, byte[] body, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("OssCallbackFunctions", "1"));
        request.Headers.Add("webhook-id", eventId);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(eventId, now, body, webhook.Secrets));
        using var patience = new CancellationTokenSource(Patience, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            // What the answer says beyond its status is nothing to us, and may be long.
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return WebhookReply.Of((int)response.StatusCode, RetryAfter(response, now));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return WebhookReply.TimedOut;
        }
        catch (HttpRequestException)
        {
            return WebhookReply.Unreachable;
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - now,
        _ => null,
    };
}
