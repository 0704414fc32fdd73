namespace Oss.Protocol;

/// <summary>A request to OSS as far as its signature goes: everything but the host and the body.</summary>
public sealed class OssRequest
{
    /// <summary>A request on an object, on a bucket (<paramref name="key"/> null) or on the service (both null).</summary>
    /// <param name="method">HTTP method, upper case.</param>
    /// <param name="bucket">Bucket name; part of what is signed, whatever the host looks like.</param>
    /// <param name="key">Object key, not encoded.</param>
    public OssRequest(string method, string? bucket, string? key)
    {
        Method = method;
        Bucket = bucket;
        Key = key;
    }

    /// <summary>HTTP method, upper case.</summary>
    public string Method { get; }

    /// <summary>Bucket name, or null at service level.</summary>
    public string? Bucket { get; }

    /// <summary>Object key, not encoded; null at bucket and service level.</summary>
    public string? Key { get; }

    /// <summary>Query parameters, not encoded; a null or empty value is written as the name alone.</summary>
    public IList<KeyValuePair<string, string?>> Query { get; init; } = [];

    /// <summary>Headers. <c>content-type</c>, <c>content-md5</c> and every <c>x-oss-*</c> are signed.</summary>
    public IDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of further headers to sign (<c>host</c>, <c>content-length</c> ...). Those that the request does not have, or that are signed anyway, drop out.</summary>
    public IReadOnlyCollection<string> AdditionalHeaders { get; init; } = [];

    /// <summary>Adds a query parameter, and returns this request.</summary>
    public OssRequest With(string name, string? value)
    {
        Query.Add(new(name, value));
        return this;
    }
}
