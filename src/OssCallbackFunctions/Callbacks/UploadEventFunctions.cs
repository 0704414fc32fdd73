using System.Net;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.Replies;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.Callbacks;

/// <summary>RECEIVE, for operators: what was told of an upload, and telling it again.</summary>
public sealed class UploadEventFunctions(UploadEventDesk desk, ILogger<UploadEventFunctions> logger)
{
    /// <summary>Tells an event and how far its deliveries are.</summary>
    [Function("UploadEvent")]
    public Task<HttpResponseData> FindAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "events/{id}")] HttpRequestData request, string id, CancellationToken cancellationToken) =>
        request.GuardAsync(logger, async () =>
        {
            var found = await desk.FindAsync(id, cancellationToken);
            return found.Problem is { } problem
                ? await request.ProblemAsync(problem)
                : await request.JsonAsync(HttpStatusCode.OK, found.Value!, EventJson.Default.UploadEventStatus);
        });

    /// <summary>Sends an event again.</summary>
    [Function("UploadEventRedeliver")]
    public Task<HttpResponseData> RedeliverAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "events/{id}/redeliver")] HttpRequestData request, string id, CancellationToken cancellationToken) =>
        request.OnceAsync(
            logger,
            async (request, cancellationToken) =>
            {
                var asked = await request.ReadJsonAsync(EventJson.Default.EventRedelivery, cancellationToken, whenEmpty: new EventRedelivery());
                var sent = asked.Problem is { } problem ? problem : await desk.RedeliverAsync(id, asked.Value!, cancellationToken);
                return Answer.Of(sent, HttpStatusCode.Accepted, EventJson.Default.UploadEvent);
            },
            cancellationToken);
}

/// <summary>What to send again; nothing: the event to the queue and to all webhooks.</summary>
/// <param name="Webhook">One webhook; null: all that get events of the profile.</param>
/// <param name="Queue">Whether to queue <c>upload-events</c> too; null: unless a webhook is named.</param>
public sealed record EventRedelivery(string? Webhook = null, bool? Queue = null);

/// <summary>What <c>GET /api/events/{id}</c> tells.</summary>
/// <param name="Event">The event.</param>
/// <param name="Sent">Whether it was sent.</param>
/// <param name="Deliveries">How far its deliveries to webhooks are, of those that it was sent to.</param>
public sealed record UploadEventStatus(UploadEvent Event, bool Sent, IReadOnlyList<DeliveryRecord> Deliveries);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, AllowDuplicateProperties = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(EventRedelivery))]
[JsonSerializable(typeof(UploadEventStatus))]
internal sealed partial class EventJson : JsonSerializerContext;
