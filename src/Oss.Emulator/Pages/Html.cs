using System.Globalization;
using System.Text.Encodings.Web;

namespace Oss.Emulator.Pages;

/// <summary>Text that is HTML.</summary>
internal readonly record struct Html(string Text)
{
    /// <summary>HTML from a template. What is put in is encoded, unless it is HTML itself.</summary>
    public static Html Of(FormattableString template) => new(template.ToString(Encoding.Instance));

    /// <summary>A table; null when it would have no rows.</summary>
    public static Html? Table(IEnumerable<string> columns, IEnumerable<Html> rows)
    {
        var body = Join(rows);
        return body.Text.Length == 0 ? null
            : Of($"<table><thead><tr>{Join(columns.Select(column => Of($"<th>{column}</th>")))}</tr></thead><tbody>{body}</tbody></table>");
    }

    public static Html Row(params IEnumerable<object?> cells) => Of($"<tr>{Join(cells.Select(cell => Of($"<td>{cell}</td>")))}</tr>");

    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.Text)));

    private sealed class Encoding : IFormatProvider, ICustomFormatter
    {
        public static readonly Encoding Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg is Html html
            ? html.Text
            : HtmlEncoder.Default.Encode((arg is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : arg?.ToString()) ?? "");
    }
}
