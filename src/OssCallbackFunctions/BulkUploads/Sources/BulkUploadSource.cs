namespace OssCallbackFunctions.BulkUploads;

/// <summary>Where bytes are: exactly one of the four. As a prefix it is a folder of them, and an empty text is the root.</summary>
public sealed record BulkUploadSource
{
    private const int MaxUrlLength = 8 * 1024;
    private const int MaxFileLength = 4 * 1024;
    // A container's name, "/", and the 1,024 characters of a blob's name; "oss://", a bucket's name, "/", and 1,023 bytes of a key.
    private const int MaxBlobLength = 64 + 1 + 1024;
    private const int MaxOssLength = 6 + 63 + 1 + 1023;

    /// <summary>https URL of an allowed host.</summary>
    public string? Url { get; init; }

    /// <summary>Path of a file below the configured root.</summary>
    public string? File { get; init; }

    /// <summary>Name of a configured container, "/", and the blob's name.</summary>
    public string? Blob { get; init; }

    /// <summary><c>oss://bucket/key</c> of an allowed bucket: copied by OSS itself.</summary>
    public string? Oss { get; init; }

    /// <summary>What is wrong with it as the source of one object, if anything. Whether it is allowed is not asked here.</summary>
    /// <param name="member">What the document calls it.</param>
    internal string? Refuse(string member = "source") =>
        Count != 1 ? $"{member} must have either url or file or blob or oss."
        : (Url ?? File ?? Blob ?? Oss)!.Length == 0 ? $"{member} is empty."
        : RefuseLength(member);

    /// <summary>What is wrong with it as a folder of objects, if anything.</summary>
    /// <param name="member">What the document calls it.</param>
    internal string? RefusePrefix(string member = "prefix") =>
        Url is not null || Count != 1 ? $"{member} must have either file or blob or oss."
        : RefuseLength(member);

    private int Count => new[] { Url, File, Blob, Oss }.Count(text => text is not null);

    private string? RefuseLength(string member) =>
        Url?.Length > MaxUrlLength ? $"{member}.url has more than {MaxUrlLength} characters."
        : File?.Length > MaxFileLength ? $"{member}.file has more than {MaxFileLength} characters."
        : Blob?.Length > MaxBlobLength ? $"{member}.blob has more than {MaxBlobLength} characters."
        : Oss?.Length > MaxOssLength ? $"{member}.oss has more than {MaxOssLength} characters."
        : null;
}
