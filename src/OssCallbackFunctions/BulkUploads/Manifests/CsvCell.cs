using System.Buffers;
using System.Text;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// A cell of CSV by RFC 4180 that no spreadsheet takes for a formula. What begins, after white space, with = + - @ (or their wide forms), a tab or a line break gets an apostrophe in front,
/// and so does what begins with one: taking one leading apostrophe off gives the text back. What has any character that some program takes for a separator or quote is in quotes.
/// </summary>
internal static class CsvCell
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",;\t|\"'\r\n");
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@＝＋－＠");

    /// <summary>Adds the cell to a row.</summary>
    public static void Append(StringBuilder row, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        var isQuoted = text.AsSpan().ContainsAny(Quoted) || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]);
        row.Append(isQuoted ? "\"" : "");
        if (IsActive(text))
        {
            row.Append('\'');
        }

        row.Append(isQuoted ? text.Replace("\"", "\"\"", StringComparison.Ordinal) : text).Append(isQuoted ? "\"" : "");
    }

    private static bool IsActive(string text)
    {
        var trimmed = text.AsSpan().TrimStart();
        return text[0] is '\'' or '\t' or '\r' or '\n' || (trimmed.Length > 0 && Formula.Contains(trimmed[0]));
    }
}
