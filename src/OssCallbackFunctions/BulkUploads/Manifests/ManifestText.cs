using System.Text;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Pieces of a manifest as they may be shown.</summary>
internal static class ManifestText
{
    private const int MaxLength = 200;
    private const int MaxNameLength = 64;

    /// <summary>The first characters of a line. It ends at the first question mark when there is a URL: what follows may be a signature, however the line is written.</summary>
    public static string Of(ReadOnlySpan<byte> line)
    {
        var text = Cut(Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4 * MaxLength)]), MaxLength);
        var http = text.IndexOf("http", StringComparison.OrdinalIgnoreCase);
        var query = http < 0 ? -1 : text.AsSpan(http).IndexOf('?');
        var escaped = http < 0 ? -1 : text.AsSpan(http).IndexOf(@"\u003f", StringComparison.OrdinalIgnoreCase);
        var end = query < 0 ? escaped : escaped < 0 ? query : Math.Min(query, escaped);
        return end < 0 ? text : text[..(http + end)];
    }

    /// <summary>A source for people: of a URL no query and no user name, which may be secrets.</summary>
    public static string Of(BulkUploadSource source) =>
        source.File ?? source.Blob ?? source.Oss ?? (Uri.TryCreate(source.Url, UriKind.Absolute, out var url) ? url.GetComponents(
            UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "");

    /// <summary>A name that somebody else chose, cut to what a message holds.</summary>
    public static string Shown(string name) => Cut(name, MaxNameLength);

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
