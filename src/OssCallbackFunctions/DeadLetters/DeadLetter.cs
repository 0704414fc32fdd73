using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>A message that could not be used, with the reason, as it goes to the poison queue.</summary>
/// <param name="V">Version; 1.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Reason">For people.</param>
/// <param name="Message">The message as it came.</param>
/// <param name="IsCut">Whether only the beginning of it is there: it cannot be sent back.</param>
public sealed record DeadLetter(int V, string Code, string Reason, string Message, bool IsCut = false)
{
    /// <summary>Code of a message that the host gave up, since the app failed on it again and again.</summary>
    public const string GivenUp = "given_up";

    /// <summary>Code of a bulk upload's message that the host gave up: what it was about has failed.</summary>
    public const string WorkerDied = "worker_died";

    // With the rest of it, and in base64, what a message on a queue may have.
    private const int MaxBytes = 46 * 1024;

    // Escaped, each character takes six bytes at most.
    private const int CutLength = 7 * 1024;

    // No more escapes than JSON needs: most messages are there whole then.
    private static readonly DeadLetterJson Written = new(new JsonSerializerOptions(DeadLetterJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>As it is sent; of a message that is too long with its escapes, the beginning.</summary>
    internal byte[] ToMessage() =>
        JsonSerializer.SerializeToUtf8Bytes(this, Written.DeadLetter) is { Length: <= MaxBytes } whole ? whole
        : JsonSerializer.SerializeToUtf8Bytes(this with { Message = Message[..Math.Min(CutLength, Message.Length)], IsCut = true }, Written.DeadLetter);

    /// <summary>What is on a poison queue: a dead letter of ours, or else a message that the host gave up.</summary>
    internal static DeadLetter Of(string message)
    {
        try
        {
            if (JsonSerializer.Deserialize(message, DeadLetterJson.Default.DeadLetter) is { V: 1, Code.Length: > 0, Reason: not null, Message: not null } ours)
            {
                return ours;
            }
        }
        catch (JsonException)
        {
            // Somebody else's.
        }

        return new DeadLetter(1, GivenUp, "The app failed on it, or its workers died over it, as often as host.json allows (maxDequeueCount): see the log.", message);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
