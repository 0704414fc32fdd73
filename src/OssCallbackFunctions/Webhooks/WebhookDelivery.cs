using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OssCallbackFunctions.Webhooks;

/// <summary>An event that is to be delivered to one webhook, as a message says it. It has the event with it, so that it can be delivered whatever becomes of the record.</summary>
/// <param name="Webhook">Name of the webhook.</param>
/// <param name="EventId">Id of the event, and of the delivery.</param>
/// <param name="Ordered">When the delivery was asked for, in milliseconds since 1970: of two orders for one webhook and event, the later one counts.</param>
/// <param name="Attempts">Attempts made before.</param>
/// <param name="Event">The event, JSON.</param>
public sealed record WebhookDelivery(string Webhook, string EventId, long Ordered, int Attempts, [property: JsonConverter(typeof(RawJsonConverter))] JsonElement Event)
{
    private const int Version = 1;

    /// <summary>Version of the message.</summary>
    [JsonPropertyOrder(-1)]
    public int V { get; init; } = Version;

    /// <summary>Reads a message of ours.</summary>
    /// <exception cref="JsonException">It is none, or of another version.</exception>
    internal static WebhookDelivery Parse(string message) => JsonSerializer.Deserialize(message, WebhookJson.Default.WebhookDelivery) is
        { V: Version, Webhook.Length: > 0, EventId.Length: > 0, Attempts: >= 0, Event.ValueKind: JsonValueKind.Object } delivery
            ? delivery
            : throw new JsonException("The message is no webhook delivery of version 1.");
}

/// <summary>A delivery that was given up, as it goes to queue <c>webhook-deliveries-dead</c>.</summary>
/// <param name="V">Version; 1.</param>
/// <param name="Webhook">Name of the webhook.</param>
/// <param name="EventId">Id of the event.</param>
/// <param name="Reason">Stable code of why: that of the last attempt.</param>
/// <param name="Status">HTTP status of the last attempt, if there was one.</param>
/// <param name="Attempts">Attempts made.</param>
/// <param name="Event">The event.</param>
public sealed record DeadDelivery(int V, string Webhook, string EventId, string Reason, int? Status, int Attempts, [property: JsonConverter(typeof(RawJsonConverter))] JsonElement Event);

/// <summary>Writes JSON as it was read, to the letter: other escapes for the same text would be another body to sign, and more bytes.</summary>
internal sealed class RawJsonConverter : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonElement.ParseValue(ref reader);

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookDelivery))]
[JsonSerializable(typeof(DeadDelivery))]
internal sealed partial class WebhookJson : JsonSerializerContext;
