namespace OssCallbackFunctions.Credentials;

/// <summary>The content types that a profile takes: such as <c>image/png</c> or <c>image/*</c>. Without any: all but those that a browser would run.</summary>
internal sealed class ContentTypes
{
    private const string Any = "/*";

    // Opened from the bucket's domain, these are pages and scripts of that domain.
    private static readonly HashSet<string> Active = new(StringComparer.OrdinalIgnoreCase)
    {
        "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml", "text/javascript", "application/javascript", "application/x-shockwave-flash", "text/xsl", "application/xslt+xml",
    };

    private readonly string[] _patterns;

    private ContentTypes(string[] patterns)
    {
        _patterns = patterns;
    }

    /// <summary>Reads a list separated by <c>;</c>; null when an entry is no media type.</summary>
    public static ContentTypes? Parse(string? list)
    {
        var patterns = (list ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return patterns.All(IsPattern) ? new ContentTypes(patterns) : null;
    }

    private static bool IsPattern(string pattern)
    {
        var type = pattern.EndsWith(Any, StringComparison.Ordinal) ? pattern[..^1] + "any" : pattern;
        return pattern == "*/*" || (!type.Contains('*', StringComparison.Ordinal) && ContentType.IsValid(type));
    }

    /// <summary>Whether uploads may be of this type; its parameters do not count.</summary>
    public bool Allow(string contentType)
    {
        var type = contentType.Split(';')[0].Trim();
        return _patterns.Length == 0 ? !Active.Contains(type) : _patterns.Any(pattern =>
            pattern == "*/*" || (pattern.EndsWith(Any, StringComparison.Ordinal) ? type.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase) : type.Equals(pattern, StringComparison.OrdinalIgnoreCase)));
    }

    public override string ToString() => _patterns.Length == 0 ? "all but what browsers run (HTML, SVG, XML, scripts)" : string.Join(", ", _patterns);
}
