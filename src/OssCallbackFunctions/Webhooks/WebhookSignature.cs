using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OssCallbackFunctions.Webhooks;

/// <summary>Signatures of Standard Webhooks 1.0, symmetric: HMAC-SHA256 over id, time and body, with a full stop between them.</summary>
internal static class WebhookSignature
{
    private const string SecretPrefix = "whsec_";
    private const int LeastSecretBytes = 24;
    private const int MostSecretBytes = 64;

    /// <summary>The header's value: one signature for each secret, separated by a space; the receiver takes the delivery when one of them is right.</summary>
    public static string Sign(string id, DateTimeOffset time, ReadOnlySpan<byte> body, IEnumerable<byte[]> secrets)
    {
        var prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{time.ToUnixTimeSeconds()}."));
        byte[] content = [.. prefix, .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, content))}"));
    }

    /// <summary>Reads <c>whsec_</c> and base64 of 24 to 64 bytes.</summary>
    public static bool TryParseSecret(string text, [NotNullWhen(true)] out byte[]? secret)
    {
        secret = null;
        var bytes = new byte[text.Length];
        if (text.StartsWith(SecretPrefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[SecretPrefix.Length..], bytes, out var length)
            && length is >= LeastSecretBytes and <= MostSecretBytes)
        {
            secret = bytes[..length];
        }

        return secret is not null;
    }

    /// <summary>Reads a secret.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static byte[] ParseSecret(string text) => TryParseSecret(text, out var secret) ? secret : throw new FormatException("This is no webhook secret.");
}
