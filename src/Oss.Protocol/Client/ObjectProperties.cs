namespace Oss.Protocol;

/// <summary>What an object is stored with.</summary>
public sealed record ObjectProperties
{
    /// <summary>Content-Type; null: OSS's default, application/octet-stream.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whether to refuse (409 FileAlreadyExists) when the key is taken. Without effect in buckets with versioning.</summary>
    public bool ForbidOverwrite { get; init; }

    /// <summary>Storage class such as <c>IA</c>; null: the bucket's.</summary>
    public string? StorageClass { get; init; }

    /// <summary>ACL such as <c>private</c>; null: the bucket's.</summary>
    public string? Acl { get; init; }

    /// <summary>Content-Disposition; null: none.</summary>
    public string? ContentDisposition { get; init; }

    /// <summary>Cache-Control; null: none.</summary>
    public string? CacheControl { get; init; }

    /// <summary>User metadata: names without <c>x-oss-meta-</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Tags, at most 10. OSS takes 1 to 128 (values: 0 to 256) letters, digits, blanks and + - = . _ : / and refuses others with 400 InvalidTag.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    internal void AddTo(OssRequest request)
    {
        if (ContentType is not null)
        {
            request.Headers["Content-Type"] = ContentType;
        }

        if (ForbidOverwrite)
        {
            request.Headers["x-oss-forbid-overwrite"] = "true";
        }

        if (StorageClass is not null)
        {
            request.Headers["x-oss-storage-class"] = StorageClass;
        }

        if (Acl is not null)
        {
            request.Headers["x-oss-object-acl"] = Acl;
        }

        if (ContentDisposition is not null)
        {
            request.Headers["Content-Disposition"] = ContentDisposition;
        }

        if (CacheControl is not null)
        {
            request.Headers["Cache-Control"] = CacheControl;
        }

        if (Tags.Count > 0)
        {
            request.Headers["x-oss-tagging"] = string.Join('&', Tags.Select(tag => $"{OssEncoding.Encode(tag.Key)}={OssEncoding.Encode(tag.Value)}"));
        }

        foreach (var (name, value) in Metadata)
        {
            request.Headers["x-oss-meta-" + name] = value;
        }
    }
}
