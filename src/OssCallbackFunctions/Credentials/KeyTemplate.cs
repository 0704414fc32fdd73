using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OssCallbackFunctions.Credentials;

/// <summary>
/// How a profile makes object keys: text with <c>{id}</c> (the upload's, which nobody can guess), <c>{subject}</c>, <c>{date}</c> (UTC, <c>yyyy/MM/dd</c>), <c>{name}</c> (the file's,
/// made harmless) and <c>{ext}</c> (its extension with the dot, or nothing).
/// </summary>
internal sealed partial class KeyTemplate
{
    private const string Id = "{id}";
    private const string SubjectVariable = "{subject}";
    private const string Name = "{name}";
    private const string Extension = "{ext}";

    private static readonly string[] Variables = [Id, SubjectVariable, "{date}", Name, Extension];

    private readonly string _text;

    private KeyTemplate(string text)
    {
        _text = text;
    }

    /// <summary>Whether each upload gets a key of its own.</summary>
    public bool IsUnique => _text.Contains(Id, StringComparison.Ordinal);

    public bool NeedsSubject => _text.Contains(SubjectVariable, StringComparison.Ordinal);

    public bool NeedsFileName => _text.Contains(Name, StringComparison.Ordinal) || _text.Contains(Extension, StringComparison.Ordinal);

    /// <summary>What all keys fit, with <c>*</c> in the place of variables.</summary>
    public string Pattern => Stars().Replace(Variable().Replace(_text, "*"), "*");

    /// <summary>Whether all keys of a subject are below one folder.</summary>
    public bool HasPrefix => PrefixText.Length > 0;

    /// <summary>Whether that folder is the subject's own.</summary>
    public bool IsPrefixOfSubject => PrefixText.Contains(SubjectVariable, StringComparison.Ordinal);

    // To the last slash before the first variable that differs from file to file.
    private string PrefixText
    {
        get
        {
            var first = Variable().Matches(_text).FirstOrDefault(match => match.Value != SubjectVariable)?.Index ?? _text.Length;
            return _text[..(_text.LastIndexOf('/', Math.Max(0, first - 1)) + 1)];
        }
    }

    /// <summary>Reads a template; false when it has another variable, a lone brace or no text, and then why.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out KeyTemplate? template, [NotNullWhen(false)] out string? fault)
    {
        var rest = Variable().Replace(text, match => Variables.Contains(match.Value, StringComparer.Ordinal) ? "" : match.Value);
        fault = text.Length == 0 ? "it is empty"
            : rest.AsSpan().ContainsAny('{', '}') ? $"it may have {string.Join(", ", Variables)}, and no other braces"
            : text.StartsWith('/') || text.StartsWith('\\') ? "a key does not begin with a slash"
            : null;
        template = fault is null ? new KeyTemplate(text) : null;
        return template is not null;
    }

    /// <summary>The key of an upload.</summary>
    /// <param name="id">Id of the upload.</param>
    /// <param name="subject">The end user; percent-encoded in the key, so that no user's folder is another's.</param>
    /// <param name="fileName">The file's name as the caller gave it.</param>
    /// <param name="now">What the date is taken from.</param>
    public string Fill(string id, string subject, string fileName, DateTimeOffset now)
    {
        var file = FileName.Of(fileName);
        return Variable().Replace(_text, match => match.Value switch
        {
            Id => id,
            SubjectVariable => Segment(subject),
            Name => file.Name,
            Extension => file.Extension,
            _ => now.UtcDateTime.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture),
        });
    }

    /// <summary>The folder that all keys of a subject are below, with its slash.</summary>
    public string Prefix(string subject) => PrefixText.Replace(SubjectVariable, Segment(subject), StringComparison.Ordinal);

    // Two different subjects never become the same, nor "." or "..", which some clients resolve.
    private static string Segment(string subject) =>
        subject.All(c => c == '.') ? string.Concat(Encoding.UTF8.GetBytes(subject).Select(_ => "%2E")) : Uri.EscapeDataString(subject);

    [GeneratedRegex(@"\{[^{}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\*{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Stars();
}
