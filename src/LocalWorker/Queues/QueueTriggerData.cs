using System.Diagnostics;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using LocalWorker.Functions;
using Microsoft.Azure.Functions.Worker;

namespace LocalWorker.Queues;

/// <summary>A message as a function sees it.</summary>
internal sealed class QueueTriggerData(QueueMessage message) : ITriggerData
{
    public IReadOnlyDictionary<string, object?> BindingData { get; } = Describe(message);

    public ActivityKind Kind => ActivityKind.Consumer;

    public string? TraceParent => null;

    public object? Read(Type type, FunctionContext context) => type switch
    {
        _ when type == typeof(QueueMessage) => message,
        _ when type == typeof(BinaryData) => message.Body,
        _ when type == typeof(byte[]) => message.Body.ToArray(),
        _ when type == typeof(string) => message.Body.ToString(),
        _ => JsonSerializer.Deserialize(message.Body, type, WorkerJson.Options(context)),
    };

    private static Dictionary<string, object?> Describe(QueueMessage message)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["QueueTrigger"] = message.Body.ToString(),
            ["DequeueCount"] = JsonSerializer.Serialize(message.DequeueCount),
            ["ExpirationTime"] = JsonSerializer.Serialize(message.ExpiresOn),
            ["Id"] = message.MessageId,
            ["InsertionTime"] = JsonSerializer.Serialize(message.InsertedOn),
            ["NextVisibleTime"] = JsonSerializer.Serialize(message.NextVisibleOn),
            ["PopReceipt"] = message.PopReceipt,
        };
        foreach (var (name, value) in Properties(message.Body))
        {
            data[name] = value;
        }

        return data;
    }

    /// <summary>The top-level properties of a JSON object: text as it is, all else as JSON. They hide what the queue says under the same name.</summary>
    private static List<(string Name, string? Value)> Properties(BinaryData body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind != JsonValueKind.Object
                ? []
                : [.. json.RootElement.EnumerateObject().Select(property => (property.Name, Text(property.Value)))];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
