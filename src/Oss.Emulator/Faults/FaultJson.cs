using System.Text.Json;
using System.Text.Json.Serialization;

namespace Oss.Emulator.Faults;

/// <summary>The faults and what their draws go by.</summary>
internal sealed record FaultList(long Seed, IReadOnlyList<InstalledFault> Faults);

/// <summary>Why a request about faults was refused.</summary>
internal sealed record FaultRefusal(string Error);

/// <summary>Faults in JSON. Strict: a misspelt member would otherwise be a fault that nobody asked for.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowOutOfOrderMetadataProperties = true, AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Fault))]
[JsonSerializable(typeof(InstalledFault))]
[JsonSerializable(typeof(FaultList))]
[JsonSerializable(typeof(FaultRefusal))]
internal sealed partial class FaultJson : JsonSerializerContext;

/// <summary>A time as a number of milliseconds.</summary>
internal sealed class MillisecondsConverter : JsonConverter<TimeSpan>
{
    private const double Most = 1e12;

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var milliseconds) && Math.Abs(milliseconds) <= Most ? TimeSpan.FromMilliseconds(milliseconds)
        : throw new JsonException("A number of milliseconds is expected.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(value.TotalMilliseconds);
}

/// <summary>unreachable, timeout or success.</summary>
internal sealed class DroppedCallbackConverter() : JsonStringEnumConverter<DroppedCallback>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
