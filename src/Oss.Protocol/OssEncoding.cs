using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Oss.Protocol;

/// <summary>
/// Percent-encoding as OSS signs it: UTF-8 bytes, A-Z a-z 0-9 - _ . ~ kept, everything else %XX in upper case.
/// Source: OSS documentation, "Include signatures in the Authorization header (V4)".
/// </summary>
public static class OssEncoding
{
    private const string UnreservedCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    private static readonly SearchValues<char> Unreserved = SearchValues.Create(UnreservedCharacters);
    private static readonly SearchValues<char> UnreservedAndSlash = SearchValues.Create(UnreservedCharacters + "/");

    /// <summary>UTF-8 that throws for what is no Unicode.</summary>
    internal static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encodes a query name or value: "/" too becomes %2F.</summary>
    public static string Encode(string text) => Encode(text, keepSlash: false);

    /// <summary>Encodes an object key for a path: "/" stays.</summary>
    public static string EncodePath(string key) => Encode(key, keepSlash: true);

    /// <summary>Decodes %XX once; "+" stays "+". Bytes that are no UTF-8 become U+FFFD.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        // Not Uri.UnescapeDataString, which leaves bytes that are no UTF-8 escaped: %FF and %25FF would be one key.
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && byte.TryParse(bytes.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes[length++] = value;
                i += 2;
            }
            else
            {
                bytes[length++] = bytes[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>
    /// Splits a raw query (without "?") into decoded names and values; a name without "=" has the value null. "+" is a space here, unlike in paths: the Python SDK (V1)
    /// writes it so and signs %20, and the Go SDK (V2) signs %20 for it.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> ParseQuery(string rawQuery)
    {
        var parameters = new List<KeyValuePair<string, string?>>();
        foreach (var part in rawQuery.Replace('+', ' ').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            parameters.Add(equals < 0
                ? new(Decode(part), null)
                : new(Decode(part[..equals]), Decode(part[(equals + 1)..])));
        }

        return parameters;
    }

    /// <summary>Decodes standard base64 without white space.</summary>
    public static bool TryDecodeBase64(string? text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (string.IsNullOrEmpty(text) || text.AsSpan().ContainsAny(" \t\r\n"))
        {
            return false;
        }

        var buffer = new byte[(text.Length / 4 + 1) * 3];
        if (!Convert.TryFromBase64String(text, buffer, out var written))
        {
            return false;
        }

        bytes = buffer[..written];
        return true;
    }

    /// <summary>The characters that are not encoded.</summary>
    internal static SearchValues<char> Kept(bool keepSlash) => keepSlash ? UnreservedAndSlash : Unreserved;

    private static string Encode(string text, bool keepSlash)
    {
        if (!text.AsSpan().ContainsAnyExcept(Kept(keepSlash)))
        {
            return text;
        }

        var encoded = new Utf8Buffer(stackalloc byte[512]);
        encoded.AppendEncoded(text, keepSlash);
        var result = Encoding.ASCII.GetString(encoded.Written);
        encoded.Dispose();
        return result;
    }
}
