using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Oss.Protocol;

/// <summary>What the verifiers of all versions look at in the same way.</summary>
internal static class SignatureChecks
{
    /// <summary>A header's value, its name compared ignoring case; null when it is not there.</summary>
    public static string? Header(IEnumerable<KeyValuePair<string, string>> headers, string name) =>
        headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>A query parameter's value, the first one's where there are several; null when it is not there, or there without "=".</summary>
    public static string? Parameter(IEnumerable<KeyValuePair<string, string?>> query, string name) =>
        query.FirstOrDefault(parameter => parameter.Key == name).Value;

    /// <summary>Reads a Date header (RFC 1123, GMT).</summary>
    public static bool TryParseHttpDate(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    /// <summary>Whether the clocks of client and server are further apart than OSS allows; a URL may be old, and is judged by its own expiry.</summary>
    public static bool IsSkewed(DateTimeOffset time, DateTimeOffset now) => (now - time).Duration() > OssLimits.MaxClockSkew;

    /// <summary>Finds the key whose secret the signature is to be checked with.</summary>
    public static bool TryFind(this FindAccessKey findKey, string accessKeyId, string? token, [NotNullWhen(true)] out AccessKey? key, out KeyLookup refusal)
    {
        refusal = findKey(accessKeyId, string.IsNullOrEmpty(token) ? null : token);
        key = refusal.Error is null ? refusal.Key : null;
        if (refusal is { Key: null, Error: null })
        {
            refusal = KeyLookup.UnknownKey(accessKeyId);
        }

        return key is not null;
    }

    /// <summary>Compares in a time that does not tell how much of the text was right.</summary>
    public static bool SameText(string expected, string provided) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(provided));
}
