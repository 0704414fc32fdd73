using System.Buffers;
using System.Globalization;

namespace Oss.Protocol;

/// <summary>
/// What OSS takes for a callback URL: http or https, or no scheme at all; a name or an IPv4 address; a port that is a positive number; no user.
/// Source: OSS documentation, "Callback", EC page 0007-00000004.
/// </summary>
internal static class CallbackUrlSyntax
{
    // A URL has to come percent-encoded: what a request line could not carry as it is makes it invalid.
    private static readonly SearchValues<char> UrlCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%|{}^`");

    /// <summary>Whether OSS would call this URL.</summary>
    public static bool IsCallable(string url)
    {
        var start = AuthorityStart(url);
        return !url.AsSpan().ContainsAnyExcept(UrlCharacters)
            && Uri.TryCreate(start > 0 ? url : "http://" + url, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4
            && uri.Port > 0 && IsAuthority(url.AsSpan(start));
    }

    /// <summary>Whether this can be a Host header: a domain or an IP address, with or without a port, or nothing.</summary>
    public static bool IsHost(string host) => host.Length == 0 || (!host.AsSpan().ContainsAny("/?#@") && IsCallable(host));

    /// <summary>Where the host begins: behind the scheme, or at once. A URL in the query is no scheme.</summary>
    public static int AuthorityStart(string url)
    {
        var mark = url.IndexOf("://", StringComparison.Ordinal);
        return mark < 0 || url.AsSpan(0, mark).ContainsAny('/', '?', '#') ? 0 : mark + 3;
    }

    // "h:" is a URL to Uri, as are "h:+80" and "@h"; to OSS the place after the colon takes a positive number.
    private static bool IsAuthority(ReadOnlySpan<char> fromHost)
    {
        var end = fromHost.IndexOfAny('/', '?', '#');
        var authority = end < 0 ? fromHost : fromHost[..end];
        var colon = authority.IndexOf(':');
        return !authority.Contains('@') && (colon < 0 || int.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _));
    }
}
