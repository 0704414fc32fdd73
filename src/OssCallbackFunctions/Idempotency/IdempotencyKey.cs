using System.Text;

namespace OssCallbackFunctions.Idempotency;

/// <summary>The header <c>Idempotency-Key</c>: a string in quotes, or the same without. Source: IETF draft "The Idempotency-Key HTTP Header Field", and RFC 9651 for strings.</summary>
internal static class IdempotencyKey
{
    /// <summary>Name of the header.</summary>
    public const string Header = "Idempotency-Key";

    private const int MaxLength = 255;

    /// <summary>The key of the header's values; null when it is none of 1 to 255 printable ASCII characters, or there are several.</summary>
    public static string? Parse(IEnumerable<string> values) =>
        values.ToArray() is [var value] && Unquote(value.Trim()) is { Length: > 0 and <= MaxLength } key && key.All(c => c is >= ' ' and <= '~') ? key : null;

    private static string? Unquote(string text)
    {
        if (!text.StartsWith('"'))
        {
            return text;
        }

        var key = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                // Whatever comes after it (parameters, another item) is no part of a key.
                return i == text.Length - 1 ? key.ToString() : null;
            }

            if (text[i] == '\\' && (++i == text.Length || text[i] is not ('"' or '\\')))
            {
                return null;
            }

            key.Append(text[i]);
        }

        return null;
    }
}
