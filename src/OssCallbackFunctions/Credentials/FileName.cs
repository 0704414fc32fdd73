using System.Globalization;
using System.Text;

namespace OssCallbackFunctions.Credentials;

/// <summary>The name of a file as the uploader's machine has it, made fit for an object key: no path, nothing that a shell, a browser or a header trips over, nothing invisible.</summary>
/// <param name="Name">Without the extension; at most 100 bytes of UTF-8, and never empty.</param>
/// <param name="Extension">With its dot, lower case, of 1 to 10 ASCII letters and digits; or "".</param>
internal sealed record FileName(string Name, string Extension)
{
    private const int MaxNameBytes = 100;
    private const int MaxExtension = 10;
    private const string Unnamed = "file";
    private const char Replacement = '_';

    // Beside these: controls, and what Unicode calls formats, surrogates, private use and separators of lines.
    private const string Replaced = "<>:\"|?*/\\%#&+;=@$!`'^~,{}[]";

    /// <summary>Takes the last piece of a path of any system.</summary>
    public static FileName Of(string given)
    {
        var last = given[(given.LastIndexOfAny(['/', '\\']) + 1)..];
        var text = new StringBuilder(last.Length);
        // Half a surrogate pair comes out as U+FFFD.
        foreach (var rune in last.EnumerateRunes())
        {
            text.Append(IsKept(rune) ? rune.ToString() : Rune.IsWhiteSpace(rune) ? " " : Replacement.ToString());
        }

        var clean = string.Join(' ', text.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)).Trim('.', ' ');
        var dot = clean.LastIndexOf('.');
        var extension = dot > 0 && clean.Length - dot - 1 is > 0 and <= MaxExtension && clean[(dot + 1)..].All(char.IsAsciiLetterOrDigit) ? clean[dot..].ToLowerInvariant() : "";
        var name = Shortened(clean[..^extension.Length]).Trim('.', ' ');
        return new FileName(name.Length > 0 ? name : Unnamed, extension);
    }

    private static bool IsKept(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && (rune.Value == ' ' || !Rune.IsWhiteSpace(rune))
        && !(rune.IsAscii && Replaced.Contains((char)rune.Value, StringComparison.Ordinal));

    private static string Shortened(string text)
    {
        var bytes = 0;
        var runes = text.EnumerateRunes().TakeWhile(rune => (bytes += rune.Utf8SequenceLength) <= MaxNameBytes);
        return string.Concat(runes.Select(rune => rune.ToString()));
    }
}
