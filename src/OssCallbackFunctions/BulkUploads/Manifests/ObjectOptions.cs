using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>What objects are uploaded with, and which are left out: the words are ossutil's.</summary>
public record ObjectOptions
{
    private const int MaxHeaderLength = 1024;

    private static readonly string[] StorageClasses = ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"];
    private static readonly string[] Acls = ["default", "private", "public-read", "public-read-write"];

    /// <summary>Leaves out what OSS has already, with the same size, and the same CRC-64 or, where the source's is not known, from a time not before the source's last change.</summary>
    public bool SkipExisting { get; init; }

    /// <summary>Leaves out what OSS has from a time not before the source's last change.</summary>
    public bool Update { get; init; }

    /// <summary>Patterns of which an object must match one; see <see cref="ObjectFilter"/>.</summary>
    public IReadOnlyList<string>? Include { get; init; }

    /// <summary>Patterns of which an object must match none.</summary>
    public IReadOnlyList<string>? Exclude { get; init; }

    /// <summary>User metadata: names without <c>x-oss-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Tags, at most 10.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Storage class; null: the bucket's.</summary>
    public string? StorageClass { get; init; }

    /// <summary>ACL; null: the bucket's.</summary>
    public string? Acl { get; init; }

    /// <summary>Content type to store them with.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whether the key's extension says the content type where neither job nor manifest does.</summary>
    public bool ContentTypeByExtension { get; init; }

    /// <summary>Content-Disposition.</summary>
    public string? ContentDisposition { get; init; }

    /// <summary>Cache-Control.</summary>
    public string? CacheControl { get; init; }

    /// <summary>Whether to fail when the key is taken. Without effect in buckets with versioning.</summary>
    public bool ForbidOverwrite { get; init; }

    /// <summary>Whether all is the same, lists and dictionaries by what is in them.</summary>
    public virtual bool Equals(ObjectOptions? other) =>
        ReferenceEquals(this, other)
        || (other is not null && EqualityContract == other.EqualityContract
            && (SkipExisting, Update, StorageClass, Acl) == (other.SkipExisting, other.Update, other.StorageClass, other.Acl)
            && (ContentType, ContentTypeByExtension, ContentDisposition, CacheControl, ForbidOverwrite)
                == (other.ContentType, other.ContentTypeByExtension, other.ContentDisposition, other.CacheControl, other.ForbidOverwrite)
            && AreSame(Include, other.Include) && AreSame(Exclude, other.Exclude) && AreSame(Metadata, other.Metadata) && AreSame(Tags, other.Tags));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, SkipExisting, Update, StorageClass, Acl, ContentType, ContentDisposition, CacheControl);

    /// <summary>What is wrong with them, if anything.</summary>
    internal Problem? RefuseOptions() =>
        ContentType is not null && !OssCallbackFunctions.ContentType.IsValid(ContentType) ? Problem.InvalidContentType.With("contentType is no media type such as image/png.")
        : (ObjectFilter.Refuse(Include, Exclude) ?? UserMetadata.Refuse(Metadata)?.Message ?? ObjectTags.Refuse(Tags)
            ?? RefuseOneOf("storageClass", StorageClass, StorageClasses) ?? RefuseOneOf("acl", Acl, Acls)
            ?? RefuseHeader("contentDisposition", ContentDisposition) ?? RefuseHeader("cacheControl", CacheControl)) is { } reason ? Problem.InvalidJob.With(reason)
        : null;

    private static string? RefuseOneOf(string name, string? value, string[] known) =>
        value is null || known.Contains(value) ? null : $"{name} must be one of {string.Join(", ", known)}.";

    private static string? RefuseHeader(string name, string? value) =>
        value is null || (value.Length is > 0 and <= MaxHeaderLength && value == value.Trim() && !value.AsSpan().ContainsAnyExceptInRange(' ', '~')) ? null
        : $"{name} must be 1 to {MaxHeaderLength} printable ASCII characters without white space at its ends.";

    private static bool AreSame(IReadOnlyList<string>? one, IReadOnlyList<string>? other) => (one ?? []).SequenceEqual(other ?? []);

    private static bool AreSame(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0) && (one is null || one.All(item => other!.TryGetValue(item.Key, out var value) && value == item.Value));
}
