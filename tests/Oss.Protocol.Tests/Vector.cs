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

    /// <summary>The key of the case.</summary>
    public AccessKey Key => new(Input.Text("accessKeyId"), Input.Text("accessKeySecret"), Input.TextOrNull("securityToken") is { Length: > 0 } token ? token : null);

    /// <summary>The request of the case, before it is signed.</summary>
    public OssRequest Request()
    {
        var request = new OssRequest(Input.Text("method"), Input.TextOrNull("bucket"), Input.TextOrNull("key"))
        {
            AdditionalHeaders = [.. Input.GetProperty("additionalHeaders").EnumerateArray().Select(name => name.GetString()!)],
        };
        foreach (var header in Input.GetProperty("headers").EnumerateObject())
        {
            request.Headers[header.Name] = header.Value.GetString()!;
        }

        foreach (var pair in Input.GetProperty("queries").EnumerateArray())
        {
            request.With(pair[0].GetString()!, pair[1].ValueKind == JsonValueKind.Null ? null : pair[1].GetString());
        }

        return request;
    }

    public JsonElement Member(string name) => _case.GetProperty(name);

    private static IReadOnlyDictionary<string, Vector> Read(string file) => Files.GetOrAdd(file, static name =>
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", name + ".json")));
        return json.RootElement.GetProperty("cases").EnumerateArray()
            .ToDictionary(vector => vector.GetProperty("id").GetString()!, vector => new Vector(vector.Clone()), StringComparer.Ordinal);
    });
}

internal static class OssRequestExtensions
{
    /// <summary>The query as a client sends it.</summary>
    public static string RawQuery(this OssRequest request) => string.Join('&', request.Query.Select(pair =>
        pair.Value is null ? OssEncoding.Encode(pair.Key) : $"{OssEncoding.Encode(pair.Key)}={OssEncoding.Encode(pair.Value)}"));
}

internal static class JsonElementExtensions
{
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static string? TextOrNull(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
