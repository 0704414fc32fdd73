using System.Globalization;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>A callback URL taken apart: what follows the host is sent, and signed, to the letter.</summary>
/// <param name="IsTls">Whether it is https.</param>
/// <param name="Host">Name or IPv4 address to connect to.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Target">Path and query as given; begins with "/".</param>
internal sealed record CallbackUrl(bool IsTls, string Host, int Port, string Target)
{
    /// <summary>Host, and the port where it is not the scheme's own: the Host header of a callback without callbackHost.</summary>
    public string Authority => Port == DefaultPort(IsTls) ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Scheme, host and port.</summary>
    public string Origin => (IsTls ? "https://" : "http://") + Authority;

    /// <summary>Takes a URL apart that <see cref="Protocol.CallbackParameter.TryParse"/> let through.</summary>
    public static CallbackUrl Parse(string url)
    {
        var start = CallbackUrlSyntax.AuthorityStart(url);
        var isTls = url.AsSpan(0, start).Equals("https://", StringComparison.OrdinalIgnoreCase);
        var rest = url[start..];
        var end = rest.AsSpan().IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest : rest[..end];
        var colon = authority.IndexOf(':', StringComparison.Ordinal);
        var target = end < 0 ? "" : rest[end..];
        var fragment = target.IndexOf('#', StringComparison.Ordinal);
        target = fragment < 0 ? target : target[..fragment];
        return new CallbackUrl(
            isTls,
            colon < 0 ? authority : authority[..colon],
            colon < 0 ? DefaultPort(isTls) : int.Parse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture),
            target.StartsWith('/') ? target : "/" + target);
    }

    private static int DefaultPort(bool isTls) => isTls ? 443 : 80;
}
