using System.Text.Json;
using System.Text.Json.Serialization;

namespace OssCallbackFunctions.Storage;

/// <summary>Rows that are to be removed, as a message says it. Doing it twice is doing it once, and rows that are not there are removed already.</summary>
/// <param name="Rows">The rows, each with its own time.</param>
public sealed record Removal(IReadOnlyList<RowRemoval> Rows)
{
    private const int Version = 1;

    /// <summary>Version of the message.</summary>
    [JsonPropertyOrder(-1)]
    public int V { get; init; } = Version;

    /// <summary>Reads a message of ours.</summary>
    /// <exception cref="JsonException">It is none, or of another version.</exception>
    internal static Removal Parse(string message) =>
        JsonSerializer.Deserialize(message, RemovalJson.Default.Removal) is { V: Version, Rows: { Count: > 0 } rows } removal
        && rows.All(row => row is { Table.Length: > 0, Partition.Length: > 0 })
            ? removal
            : throw new JsonException("The message is no removal of version 1.");
}

/// <summary>A row to be removed, or a whole partition.</summary>
/// <param name="Table">Table.</param>
/// <param name="Partition">Partition key.</param>
/// <param name="Row">Row key; null: all rows of the partition, so keep partitions to some hundred rows.</param>
/// <param name="Due">When; not sooner.</param>
/// <param name="Settled">
/// Name of a column of truth values: while it is false in the row, or in one of the partition's, nothing of it is removed. Rows without such a column are settled.
/// </param>
/// <param name="Until">Name of a column of times, for rows that may be kept longer than was known: before the time in the row, or one of the partition's, nothing of it is removed.</param>
public sealed record RowRemoval(string Table, string Partition, string? Row, DateTimeOffset Due, string? Settled = null, string? Until = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Removal))]
internal sealed partial class RemovalJson : JsonSerializerContext;
