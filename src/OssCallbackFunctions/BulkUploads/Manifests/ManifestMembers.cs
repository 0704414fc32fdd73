using System.Globalization;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Gathers the members of an entry, from whatever format; the first thing wrong is what counts.</summary>
internal sealed class ManifestMembers
{
    public const string MetadataPrefix = "metadata.";

    private readonly Dictionary<string, string> _members = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of all members but the metadata.</summary>
    public static IReadOnlyList<string> Names { get; } = ["file", "url", "blob", "oss", "key", "size", "md5", "sha256", "crc64", "contentType"];

    /// <summary>What is wrong, for people; null while nothing is.</summary>
    public string? Error { get; private set; }

    public static bool IsSource(string name) => name is "file" or "url" or "blob" or "oss";

    public ManifestMembers Fail(string error)
    {
        Error ??= error;
        return this;
    }

    /// <summary>Takes a member, or with <see cref="MetadataPrefix"/> in front a piece of metadata.</summary>
    public void Set(string name, string value)
    {
        var isMetadata = name.StartsWith(MetadataPrefix, StringComparison.Ordinal);
        if (!isMetadata && !Names.Contains(name))
        {
            Fail($"The member {ManifestText.Shown(name)} is not known.");
        }
        else if (value.Contains('\0', StringComparison.Ordinal))
        {
            Fail($"{ManifestText.Shown(name)} has a NUL in it.");
        }
        else if (name == "size" && !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            Fail("size is no whole number of bytes.");
        }
        else if (!(isMetadata ? _metadata.TryAdd(name[MetadataPrefix.Length..], value) : _members.TryAdd(name, value)))
        {
            Fail($"The member {ManifestText.Shown(name)} is there twice.");
        }
    }

    /// <summary>The entry; null with <see cref="Error"/> set when something is wrong.</summary>
    public ManifestEntry? ToEntry()
    {
        if (Names.Where(IsSource).Count(_members.ContainsKey) != 1)
        {
            Fail("Exactly one of file, url, blob and oss is needed.");
        }

        return Error is not null ? null : new ManifestEntry
        {
            Source = new BulkUploadSource
            {
                File = _members.GetValueOrDefault("file"),
                Url = _members.GetValueOrDefault("url"),
                Blob = _members.GetValueOrDefault("blob"),
                Oss = _members.GetValueOrDefault("oss"),
            },
            Key = _members.GetValueOrDefault("key"),
            Size = _members.TryGetValue("size", out var size) ? long.Parse(size, CultureInfo.InvariantCulture) : null,
            Md5 = _members.GetValueOrDefault("md5"),
            Sha256 = _members.GetValueOrDefault("sha256"),
            Crc64 = _members.GetValueOrDefault("crc64"),
            ContentType = _members.GetValueOrDefault("contentType"),
            Metadata = _metadata.Count > 0 ? _metadata : null,
        };
    }
}
