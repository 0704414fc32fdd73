using System.Text.Json.Serialization;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>How a manifest is written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ManifestFormat>))]
public enum ManifestFormat
{
    /// <summary>One JSON object a line.</summary>
    [JsonStringEnumMemberName("jsonl")]
    JsonLines,

    /// <summary>RFC 4180, with a header line; separated by comma, semicolon or tab.</summary>
    [JsonStringEnumMemberName("csv")]
    Csv,

    /// <summary>ossimport's http.list: URL prefix, white space, relative path.</summary>
    [JsonStringEnumMemberName("http-list")]
    HttpList,
}

/// <summary>Tells a manifest's format by its name.</summary>
internal static class ManifestFormats
{
    /// <summary>The format that the ending of a path or URL stands for: .jsonl or .ndjson, .csv or .tsv, .list; null for any other.</summary>
    public static ManifestFormat? ByName(string name)
    {
        var end = name.IndexOfAny(['?', '#']);
        return Path.GetExtension((end < 0 ? name : name[..end]).ToLowerInvariant()) switch
        {
            ".jsonl" or ".ndjson" => ManifestFormat.JsonLines,
            ".csv" or ".tsv" => ManifestFormat.Csv,
            ".list" => ManifestFormat.HttpList,
            _ => null,
        };
    }
}
