using System.Text.Json.Nodes;

namespace Sandbox.Upload;

/// <summary>The job's document, of what the command line says.</summary>
internal static class UploadDocument
{
    /// <summary>Makes the document.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="isFolder">Whether a SOURCE on disk is a folder; null: as it ends.</param>
    /// <param name="file">Path of a SOURCE on disk below the app's root; null: as it is given.</param>
    public static JsonObject Of(UploadOptions options, bool? isFolder = null, string? file = null)
    {
        var kind = IsUrl(options.Source) ? "url" : options.Source.StartsWith("oss://", StringComparison.Ordinal) ? "oss" : "file";
        var place = new JsonObject { [kind] = kind == "file" ? file ?? options.Source : options.Source };
        var document = isFolder ?? (kind != "url" && options.Source.EndsWith('/'))
            ? new JsonObject { ["prefix"] = place, ["destination"] = options.Prefix }
            : new JsonObject { ["source"] = place, ["key"] = IsFolder(options.Prefix) ? options.Prefix + Name(options.Source) : options.Prefix };
        Add(document, "include", options.Include.Count == 0 ? null : new JsonArray([.. options.Include.Select(pattern => JsonValue.Create(pattern))]));
        Add(document, "exclude", options.Exclude.Count == 0 ? null : new JsonArray([.. options.Exclude.Select(pattern => JsonValue.Create(pattern))]));
        Add(document, "dryRun", options.DryRun ? true : null);
        Add(document, "skipExisting", options.SkipExisting ? true : null);
        Add(document, "objectsInFlight", options.InFlight);
        Add(document, "bandwidth", options.Bandwidth);
        return document;
    }

    /// <summary>Whether SOURCE is on this machine's disk, as far as its form says.</summary>
    public static bool IsOnDisk(string source) => !IsUrl(source) && !source.StartsWith("oss://", StringComparison.Ordinal);

    private static bool IsUrl(string source) => source.StartsWith("https://", StringComparison.Ordinal) || source.StartsWith("http://", StringComparison.Ordinal);

    private static bool IsFolder(string prefix) => prefix is "" or [.., '/'];

    private static string Name(string source) =>
        IsUrl(source) ? Uri.UnescapeDataString(new Uri(source).AbsolutePath.Split('/')[^1]) : source.TrimEnd('/').Split('/', Path.DirectorySeparatorChar)[^1];

    private static void Add(JsonObject document, string name, JsonNode? value)
    {
        if (value is not null)
        {
            document[name] = value;
        }
    }
}
