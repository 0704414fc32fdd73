namespace Oss.Emulator.Callbacks;

/// <summary>A callback URL taken apart: what follows the host is sent, and signed, to the letter.</summary>
/// <param name="Origin">Scheme, host and port.</param>
/// <param name="Target">Path and query as given; begins with "/".</param>
internal sealed record CallbackUrl(string Origin, string Target)
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public Uri Uri => new(Origin + Target, AsIs);

    public static CallbackUrl Parse(string url)
    {
        var absolute = url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url;
        var authority = absolute.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = absolute.AsSpan(authority).IndexOfAny('/', '?', '#');
        if (end < 0)
        {
            return new CallbackUrl(absolute, "/");
        }

        var rest = absolute[(authority + end)..];
        var fragment = rest.IndexOf('#', StringComparison.Ordinal);
        var target = fragment < 0 ? rest : rest[..fragment];
        return new CallbackUrl(absolute[..(authority + end)], target.StartsWith('/') ? target : "/" + target);
    }
}
