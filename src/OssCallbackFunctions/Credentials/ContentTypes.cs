using System.Buffers;

namespace OssCallbackFunctions.Credentials;

/// <summary>
/// The content types that a profile takes: such as <c>image/png</c> or <c>image/*</c>. Those that a browser would run have to be named in full, or by <c>*/*</c>; without any: all but those.
/// </summary>
internal sealed class ContentTypes
{
    private const string Any = "/*";
    private const string Everything = "*/*";

    // Opened from the bucket's domain, these are pages and scripts of that domain. Source: WHATWG, "MIME Sniffing", JavaScript and XML MIME types, and those for which it looks into the file.
    private static readonly SearchValues<string> ActiveWords =
        SearchValues.Create(["html", "svg", "javascript", "ecmascript", "jscript", "livescript", "vbscript", "flash"], StringComparison.Ordinal);
    private static readonly string[] ActiveEnds = ["/xml", "+xml", "/xsl"];
    private static readonly string[] ActiveTypes = ["unknown/unknown", "application/unknown", "message/rfc822", "application/hta", "text/x-component"];

    // Some browsers show the parts, as what each says it is.
    private const string Multipart = "multipart/";

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
        return pattern == Everything || (!type.Contains('*', StringComparison.Ordinal) && ContentType.IsValid(type));
    }

    /// <summary>Whether uploads may be of this type; its parameters do not count.</summary>
    public bool Allow(string contentType)
    {
        var type = contentType.Split(';')[0].Trim().ToLowerInvariant();
        return _patterns.Length == 0 ? !IsActive(type) : _patterns.Any(pattern => pattern == Everything || type.Equals(pattern, StringComparison.OrdinalIgnoreCase) || (IsBelow(type, pattern) && !IsActive(type)));
    }

    private static bool IsBelow(string type, string pattern) => pattern.EndsWith(Any, StringComparison.Ordinal) && type.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase);

    private static bool IsActive(string type) =>
        type.AsSpan().ContainsAny(ActiveWords) || ActiveEnds.Any(end => type.EndsWith(end, StringComparison.Ordinal))
        || ActiveTypes.Contains(type, StringComparer.Ordinal) || type.StartsWith(Multipart, StringComparison.Ordinal);

    public override string ToString() => _patterns.Length == 0 ? "all but what browsers run (HTML, SVG, XML, scripts)" : string.Join(", ", _patterns);
}
