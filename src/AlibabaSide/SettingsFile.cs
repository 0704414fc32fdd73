using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlibabaSide;

/// <summary>Settings in a file: <c>Values</c> of a <c>local.settings.json</c>, or the list that <c>az functionapp config appsettings list</c> prints.</summary>
internal static class SettingsFile
{
    private static readonly JsonDocumentOptions Lax = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The settings by their names, with <c>__</c>.</summary>
    /// <exception cref="InvalidOperationException">The file is not there, or is neither.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"There is no settings file {path}: copy local.settings.sample.json and fill it in, or name another by --settings.");
        }

        try
        {
            return JsonNode.Parse(File.ReadAllText(path), null, Lax) switch
            {
                JsonObject settings when settings["Values"] is JsonObject values => [.. values.Select(value => KeyValuePair.Create(value.Key, value.Value?.ToString()))],
                JsonArray list when list.All(one => one?["name"] is JsonValue) => [.. list.Select(one => KeyValuePair.Create(one!["name"]!.ToString(), one["value"]?.ToString()))],
                _ => throw Neither(path, null),
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException { Source: "System.Text.Json" })
        {
            throw Neither(path, e);
        }
    }

    private static InvalidOperationException Neither(string path, Exception? e) =>
        new($"{path} is neither a local.settings.json with \"Values\", nor the list of 'az functionapp config appsettings list'.", e);
}
