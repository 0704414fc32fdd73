namespace OssCallbackFunctions.BulkUploads;

/// <summary>A list of the objects to upload.</summary>
public sealed record BulkUploadManifest
{
    /// <summary>https URL of an allowed host.</summary>
    public string? Url { get; init; }

    /// <summary>Path of a file below the configured root.</summary>
    public string? File { get; init; }

    /// <summary>Name of a configured container, "/", and the blob's name.</summary>
    public string? Blob { get; init; }

    /// <summary>How it is written; null: as its name says.</summary>
    public ManifestFormat? Format { get; init; }

    internal BulkUploadSource Source => new() { Url = Url, File = File, Blob = Blob };

    internal ManifestFormat? FormatOrByName => Format ?? ManifestFormats.ByName(Url ?? File ?? Blob ?? "");

    internal string? Refuse() =>
        Source.Refuse("manifest") is { } problem ? problem
        : FormatOrByName is null ? "manifest.format must be jsonl, csv or http-list, since the name of the manifest does not say it (.jsonl, .ndjson, .csv, .tsv, .list)."
        : null;
}
