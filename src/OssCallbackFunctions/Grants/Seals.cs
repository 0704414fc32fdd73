using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.Grants;

/// <summary>
/// Text of ours that travels through others' hands and comes back: sealed by HMAC-SHA256 with the secret of the grants, for one purpose each. It can be read by whoever has it, and
/// changed by nobody.
/// </summary>
public sealed class Seals(IOptions<GrantOptions> options)
{
    private const byte Version = 1;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;

    private readonly IReadOnlyList<HmacKey> _secrets = options.Value.MacKeys;

    /// <summary>Seals bytes into a token of A-Z a-z 0-9 - _.</summary>
    /// <param name="purpose">What it is for: a token of another purpose does not open.</param>
    /// <param name="content">What is sealed.</param>
    internal string Seal(string purpose, ReadOnlySpan<byte> content)
    {
        var token = new byte[1 + MacBytes + content.Length];
        token[0] = Version;
        content.CopyTo(token.AsSpan(1 + MacBytes));
        Mac(_secrets[0], purpose, content, token.AsSpan(1, MacBytes));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The bytes of a token; null when it is not ours, or for another purpose.</summary>
    internal byte[]? Open(string purpose, string token)
    {
        if (!Base64Url.IsValid(token))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        return bytes.Length > 1 + MacBytes && bytes[0] == Version && IsSealed(purpose, bytes.AsSpan(1 + MacBytes), bytes.AsSpan(1, MacBytes)) ? bytes[(1 + MacBytes)..] : null;
    }

    /// <summary>The seal alone, of texts that travel beside it: 43 of A-Z a-z 0-9 - _.</summary>
    internal string Sign(string purpose, params ReadOnlySpan<string> texts)
    {
        var mac = new byte[MacBytes];
        Mac(_secrets[0], purpose, Join(texts), mac);
        return Base64Url.EncodeToString(mac);
    }

    /// <summary>Whether a seal is that of the texts.</summary>
    internal bool Verify(string seal, string purpose, params ReadOnlySpan<string> texts) =>
        Base64Url.IsValid(seal) && Base64Url.DecodeFromChars(seal) is { Length: MacBytes } mac && IsSealed(purpose, Join(texts), mac);

    private bool IsSealed(string purpose, ReadOnlySpan<byte> content, ReadOnlySpan<byte> seal)
    {
        Span<byte> mac = stackalloc byte[MacBytes];
        foreach (var secret in _secrets)
        {
            Mac(secret, purpose, content, mac);
            if (CryptographicOperations.FixedTimeEquals(mac, seal))
            {
                return true;
            }
        }

        return false;
    }

    private static void Mac(HmacKey secret, string purpose, ReadOnlySpan<byte> content, Span<byte> mac) =>
        secret.Hash([.. Encoding.UTF8.GetBytes(purpose), 0, .. content], mac);

    // Each behind its length: no two lists of texts are the same bytes.
    private static byte[] Join(ReadOnlySpan<string> texts)
    {
        using var joined = new MemoryStream();
        foreach (var text in texts)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            joined.Write(BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder(utf8.Length)));
            joined.Write(utf8);
        }

        return joined.ToArray();
    }
}
