namespace Oss.Protocol;

/// <summary>What OSS says when it has stored an object, and what became of the callback.</summary>
/// <param name="ETag">With quotes. MD5 for a simple upload; for a multipart one no checksum of the content.</param>
/// <param name="Crc64">CRC-64/XZ of the whole object; null when OSS did not say.</param>
/// <param name="CallbackReply">What the callback server answered, when there was a callback and it succeeded.</param>
/// <param name="CallbackError">Why the callback failed (HTTP 203): the object is stored all the same, so do not upload again.</param>
public sealed record StoredObject(string ETag, ulong? Crc64, string? CallbackReply, OssError? CallbackError);

/// <summary>What HeadObject tells of an object.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">With quotes.</param>
/// <param name="Crc64">CRC-64/XZ of the whole object; null when OSS did not say.</param>
/// <param name="ContentType">Content-Type.</param>
/// <param name="LastModified">Time it was stored, to the second.</param>
public sealed record ObjectHead(long Size, string ETag, ulong? Crc64, string? ContentType, DateTimeOffset? LastModified)
{
    internal static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>Storage class such as <c>Standard</c>; null when OSS did not say.</summary>
    public string? StorageClass { get; init; }

    /// <summary>User metadata: names without <c>x-oss-meta-</c>, in lower case.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = NoMetadata;
}

/// <summary>An object, or a range of it, being read.</summary>
public sealed class ObjectDownload : IDisposable
{
    private readonly HttpResponseMessage _response;

    internal ObjectDownload(HttpResponseMessage response, Stream content, ObjectHead head)
    {
        _response = response;
        Content = content;
        Head = head;
    }

    /// <summary>The bytes, as they come in.</summary>
    public Stream Content { get; }

    /// <summary>The object; <see cref="ObjectHead.Size"/> is the number of bytes in this reply.</summary>
    public ObjectHead Head { get; }

    /// <inheritdoc/>
    public void Dispose() => _response.Dispose();
}
