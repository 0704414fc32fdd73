using System.Collections.Concurrent;
using System.Text.Json;

namespace Oss.Protocol.Tests;

/// <summary>The cases of a vector file, by id.</summary>
internal sealed class Vector
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, Vector>> Files = new();

    private readonly JsonElement _case;

    private Vector(JsonElement vector)
    {
        _case = vector;
    }

    public JsonElement Input => _case.GetProperty("input");

    public JsonElement Expected => _case.GetProperty("expected");

    public static Vector Get(string file, string id) => Read(file)[id];

    public static TheoryData<string> Ids(string file, Func<Vector, bool>? wanted = null) =>
        new(Read(file).Where(vector => wanted?.Invoke(vector.Value) ?? true).Select(vector => vector.Key));

    public JsonElement Member(string name) => _case.GetProperty(name);

    private static IReadOnlyDictionary<string, Vector> Read(string file) => Files.GetOrAdd(file, static name =>
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", name + ".json")));
        return json.RootElement.GetProperty("cases").EnumerateArray()
            .ToDictionary(vector => vector.GetProperty("id").GetString()!, vector => new Vector(vector.Clone()), StringComparer.Ordinal);
    });
}

internal static class JsonElementExtensions
{
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static string? TextOrNull(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
