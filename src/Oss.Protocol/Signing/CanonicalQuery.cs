namespace Oss.Protocol;

/// <summary>The query of a V4 canonical request: sorted by encoded name, empty values written as the name alone.</summary>
internal static class CanonicalQuery
{
    /// <summary>The parameter that carries the signature, and so is not signed.</summary>
    public const string SignatureParameter = "x-oss-signature";

    /// <summary>Puts parameters into the order that is signed: byte order of the encoded names; those of one name stay as they were.</summary>
    public static void Sort(Span<KeyValuePair<string, string?>> parameters)
    {
        // A dozen at most, and stable: insertion.
        for (var i = 1; i < parameters.Length; i++)
        {
            var moving = parameters[i];
            var name = OssEncoding.Encode(moving.Key);
            var j = i;
            for (; j > 0 && string.CompareOrdinal(OssEncoding.Encode(parameters[j - 1].Key), name) > 0; j--)
            {
                parameters[j] = parameters[j - 1];
            }

            parameters[j] = moving;
        }
    }

    /// <summary>Writes sorted parameters, encoded.</summary>
    public static void Write(ref Utf8Buffer buffer, ReadOnlySpan<KeyValuePair<string, string?>> sorted)
    {
        var first = true;
        foreach (var (name, value) in sorted)
        {
            if (!first)
            {
                buffer.Append((byte)'&');
            }

            first = false;
            buffer.AppendEncoded(name, keepSlash: false);
            if (!string.IsNullOrEmpty(value))
            {
                buffer.Append((byte)'=');
                buffer.AppendEncoded(value, keepSlash: false);
            }
        }
    }

    /// <summary>
    /// The query as it came, only sorted: some SDKs sign what they send, and encode a little differently (C# V2 leaves "!()*" alone). But nobody signs "+", which is a space.
    /// </summary>
    public static string FromRaw(string rawQuery)
    {
        var parts = rawQuery.Replace("+", "%20", StringComparison.Ordinal).Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.EndsWith('=') && part.IndexOf('=', StringComparison.Ordinal) == part.Length - 1 ? part[..^1] : part)
            .Select(part => (Name: part.Split('=', 2)[0], Text: part))
            .Where(part => part.Name != SignatureParameter)
            .OrderBy(part => part.Name, StringComparer.Ordinal);
        return string.Join('&', parts.Select(part => part.Text));
    }
}
