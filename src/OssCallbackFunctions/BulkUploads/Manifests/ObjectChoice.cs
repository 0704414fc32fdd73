using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>What the options come to for one object.</summary>
internal static class ObjectChoice
{
    private static readonly Dictionary<string, string> NoTags = [];

    /// <summary>Why an object is left out: <c>exists</c>, <c>not_newer</c>; null: it is uploaded. What is not known counts as changed.</summary>
    /// <param name="options">The job's.</param>
    /// <param name="existing">What OSS has under the key; null: nothing.</param>
    /// <param name="facts">The source.</param>
    public static string? Skips(this ObjectOptions options, ObjectHead? existing, SourceFacts facts)
    {
        if (existing is null)
        {
            return null;
        }

        // OSS tells the time it stored an object to the second: a source that changed in the same second counts as newer.
        var isNotNewer = facts.LastModified is { } changed && existing.LastModified is { } stored && changed <= stored;
        var isSame = existing.Size == facts.Size && (facts.Crc64 is { } crc && existing.Crc64 is { } had ? crc == had : isNotNewer);
        return options.SkipExisting && isSame ? "exists"
            : options.Update && isNotNewer ? "not_newer"
            : null;
    }

    /// <summary>What to store an object with. Its content type is, in this order, the manifest's, the job's, its extension's if the job says so, the source's, OSS's default.</summary>
    /// <param name="options">The job's.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="entry">Its entry in the manifest, whose metadata goes before the job's; null: none.</param>
    /// <param name="facts">The source.</param>
    public static ObjectProperties Properties(this ObjectOptions options, string key, ManifestEntry? entry, SourceFacts facts) => new()
    {
        ContentType = entry?.ContentType ?? options.ContentType
            ?? (options.ContentTypeByExtension ? ContentTypeByExtension.Of(key)
            : facts.ContentType is { } type && ContentType.IsValid(type) ? type : null),
        ForbidOverwrite = options.ForbidOverwrite,
        StorageClass = options.StorageClass,
        Acl = options.Acl,
        ContentDisposition = options.ContentDisposition,
        CacheControl = options.CacheControl,
        Tags = options.Tags ?? NoTags,
        Metadata = Merged(options.Metadata, entry?.Metadata),
    };

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string>? usual, IReadOnlyDictionary<string, string>? own)
    {
        var merged = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in (usual ?? merged).Concat(own ?? merged).ToArray())
        {
            merged[name] = value;
        }

        return merged;
    }
}
