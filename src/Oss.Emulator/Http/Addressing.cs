using System.Text.RegularExpressions;

namespace Oss.Emulator.Http;

/// <summary>Which bucket and key a request may mean. Nearly always there is one answer; where there are two, the signature tells which.</summary>
internal sealed partial class Addressing
{
    private readonly string _endpointName;
    private readonly Dictionary<string, string> _customDomains;

    public Addressing(string endpointName, IReadOnlyDictionary<string, string> customDomains)
    {
        _endpointName = endpointName;
        _customDomains = new Dictionary<string, string>(customDomains, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Whether the host is that of a bucket, so that all of a request's path is a key.</summary>
    public bool NamesBucket(string host) =>
        _customDomains.ContainsKey(host) || host.EndsWith("." + _endpointName, StringComparison.OrdinalIgnoreCase) || OssHost().Match(host).Groups["bucket"].Success;

    /// <summary>The targets that a request may mean, the likelier first; at least one.</summary>
    /// <param name="rawTarget">From the request line.</param>
    /// <param name="host">Host header, without port.</param>
    public IReadOnlyList<RequestTarget> Candidates(string rawTarget, string host)
    {
        var target = WithoutAuthority(rawTarget);
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? target : target[..mark];
        var query = mark < 0 ? "" : target[(mark + 1)..];
        if (_customDomains.TryGetValue(host, out var domainBucket))
        {
            return [RequestTarget.OfBucket(domainBucket, path, query)];
        }

        if (host.EndsWith("." + _endpointName, StringComparison.OrdinalIgnoreCase))
        {
            return [RequestTarget.OfBucket(host[..^(_endpointName.Length + 1)], path, query)];
        }

        var ossHost = OssHost().Match(host);
        var ofPath = RequestTarget.OfPath(path, query);
        if (ossHost.Groups["bucket"] is { Success: true, Value: var bucket })
        {
            // ali-oss names OSS's own host also when it is told an IP address; with sldEnable the bucket stands in the path as well.
            var ofHost = RequestTarget.OfBucket(bucket, path, query);
            return ofPath.Bucket == bucket ? [ofHost, ofPath] : [ofHost];
        }

        // The service's own name is no place for buckets.
        var isService = ossHost.Success || host.Equals(_endpointName, StringComparison.OrdinalIgnoreCase);
        return isService && ofPath.Bucket is not null ? throw Refusals.SecondLevelDomain() : [ofPath];
    }

    // Proxies' clients write "GET http://host/path".
    private static string WithoutAuthority(string rawTarget)
    {
        var scheme = rawTarget.StartsWith('/') ? -1 : rawTarget.IndexOf("://", StringComparison.Ordinal);
        var path = scheme < 0 ? -1 : rawTarget.AsSpan(scheme + 3).IndexOfAny('/', '?');
        return scheme < 0 ? rawTarget : path < 0 ? "/" : rawTarget[(scheme + 3 + path)..];
    }

    // bucket.oss-cn-hangzhou.aliyuncs.com, bucket.oss-cn-hangzhou-internal..., bucket.oss-accelerate..., bucket.cn-hangzhou.oss... (dual stack)
    [GeneratedRegex(@"\A((?<bucket>[^.]+)\.)?(oss-[a-z0-9-]+|[a-z0-9-]+\.oss)\.aliyuncs\.com\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OssHost();
}
