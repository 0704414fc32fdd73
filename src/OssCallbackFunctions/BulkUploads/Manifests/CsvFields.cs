using System.Text;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The fields of a CSV record, by RFC 4180: in quotes, quotes are doubled; outside there are none.</summary>
internal static class CsvFields
{
    /// <summary>Splits a record that has no line end; null when its quotes are wrong.</summary>
    public static List<string>? Split(string record, char separator)
    {
        var fields = new List<string>();
        for (var at = 0; ; at++)
        {
            if (at < record.Length && record[at] == '"')
            {
                if (Unquote(record, ref at) is not { } quoted)
                {
                    return null;
                }

                fields.Add(quoted);
            }
            else
            {
                var length = record.AsSpan(at).IndexOf(separator);
                var field = length < 0 ? record[at..] : record.Substring(at, length);
                if (field.Contains('"', StringComparison.Ordinal))
                {
                    return null;
                }

                fields.Add(field);
                at += field.Length;
            }

            if (at >= record.Length)
            {
                return fields;
            }

            if (record[at] != separator)
            {
                return null;
            }
        }
    }

    // Leaves `at` behind the closing quote.
    private static string? Unquote(string record, ref int at)
    {
        var text = new StringBuilder();
        for (at++; ; at++)
        {
            var quote = record.IndexOf('"', at);
            if (quote < 0)
            {
                return null;
            }

            text.Append(record, at, quote - at);
            at = quote + 1;
            if (at >= record.Length || record[at] != '"')
            {
                return text.ToString();
            }

            text.Append('"');
        }
    }
}
