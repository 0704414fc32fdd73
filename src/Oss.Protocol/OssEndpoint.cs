using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Oss.Protocol;

/// <summary>How a bucket's name gets into a URL.</summary>
public enum OssAddressing
{
    /// <summary><c>https://bucket.oss-cn-hangzhou.aliyuncs.com/key</c>: what OSS asks for.</summary>
    VirtualHost,

    /// <summary><c>http://127.0.0.1:9000/bucket/key</c>: for endpoints that are IP addresses.</summary>
    Path,

    /// <summary><c>https://files.example.com/key</c>: a custom domain (CNAME) of one bucket.</summary>
    CustomDomain,
}

/// <summary>Where OSS is: scheme, host and port, and how buckets are addressed there.</summary>
public sealed class OssEndpoint
{
    private OssEndpoint(string scheme, string authority, OssAddressing addressing)
    {
        Scheme = scheme;
        Authority = authority;
        Addressing = addressing;
    }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; }

    /// <summary>Host, with the port if it is not the scheme's own.</summary>
    public string Authority { get; }

    /// <summary>How a bucket is addressed.</summary>
    public OssAddressing Addressing { get; }

    /// <summary>Reads an endpoint: <c>oss-cn-hangzhou.aliyuncs.com</c> (https), or with a scheme and a port. An IP address means path style.</summary>
    /// <param name="text">The endpoint, without a path.</param>
    /// <param name="isCustomDomain">Whether it is a domain of one bucket (CNAME).</param>
    /// <param name="endpoint">The endpoint read.</param>
    public static bool TryParse(string? text, bool isCustomDomain, [NotNullWhen(true)] out OssEndpoint? endpoint)
    {
        endpoint = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        var withScheme = text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text;
        if (!Uri.TryCreate(withScheme, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return false;
        }

        var addressing = isCustomDomain ? OssAddressing.CustomDomain
            : IPAddress.TryParse(uri.IdnHost, out _) || uri.HostNameType == UriHostNameType.IPv6 ? OssAddressing.Path
            : OssAddressing.VirtualHost;
        endpoint = new OssEndpoint(uri.Scheme, uri.Authority, addressing);
        return true;
    }

    /// <summary>Reads an endpoint as <see cref="TryParse"/> does.</summary>
    /// <exception cref="FormatException">It is not an http or https endpoint without a path.</exception>
    public static OssEndpoint Parse(string text, bool isCustomDomain = false) =>
        TryParse(text, isCustomDomain, out var endpoint)
            ? endpoint
            : throw new FormatException($"'{text}' is no OSS endpoint: expected a host such as oss-cn-hangzhou.aliyuncs.com, or http(s)://host[:port], without a path.");

    /// <summary>Scheme, host and port of a request on <paramref name="bucket"/>; no slash at the end.</summary>
    public string Origin(string? bucket) =>
        bucket is not null && Addressing == OssAddressing.VirtualHost
            ? $"{Scheme}://{bucket}.{Authority}"
            : $"{Scheme}://{Authority}";

    /// <summary>The URL of a bucket, with a slash at the end: where a PostObject form is sent.</summary>
    public string BucketUrl(string bucket) =>
        Addressing == OssAddressing.Path ? $"{Origin(bucket)}/{bucket}/" : Origin(bucket) + "/";

    /// <summary>The URL of an object, path encoded, without a query.</summary>
    public string ObjectUrl(string bucket, string key) => BucketUrl(bucket) + OssEncoding.EncodePath(key);

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}://{Authority}";
}
