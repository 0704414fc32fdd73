using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Grants;

/// <summary>
/// Bytes of ours that lie where others may read: encrypted by AES-256-GCM with a key made of the secret of the grants (HKDF-SHA256), one for each purpose. What the previous secret sealed is opened too.
/// </summary>
public sealed class SecretSeals(IOptions<GrantOptions> options)
{
    private const byte Version = 1;
    private const int KeyBytes = 32;
    private const int Overhead = 1 + NonceBytes + TagBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly IReadOnlyList<byte[]> _secrets = options.Value.SecretBytes;

    /// <summary>Encrypts bytes.</summary>
    /// <param name="purpose">What they are for: others have another key.</param>
    /// <param name="place">Where they are kept: at another place they do not open.</param>
    /// <param name="content">What nobody is to read.</param>
    internal byte[] Seal(string purpose, string place, ReadOnlySpan<byte> content)
    {
        var bytes = new byte[Overhead + content.Length];
        bytes[0] = Version;
        var nonce = bytes.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = Cipher(_secrets[0], purpose);
        cipher.Encrypt(nonce, content, bytes.AsSpan(Overhead), bytes.AsSpan(1 + NonceBytes, TagBytes), Encoding.UTF8.GetBytes(place));
        return bytes;
    }

    /// <summary>The bytes that were encrypted; null when they were not by us, for this purpose and place.</summary>
    internal byte[]? Open(string purpose, string place, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Overhead || bytes[0] != Version)
        {
            return null;
        }

        var content = new byte[bytes.Length - Overhead];
        foreach (var secret in _secrets)
        {
            using var cipher = Cipher(secret, purpose);
            try
            {
                cipher.Decrypt(bytes.Slice(1, NonceBytes), bytes[Overhead..], bytes.Slice(1 + NonceBytes, TagBytes), content, Encoding.UTF8.GetBytes(place));
                return content;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Of the other secret, or of nobody.
            }
        }

        return null;
    }

    private static AesGcm Cipher(byte[] secret, string purpose) =>
        new(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, KeyBytes, info: Encoding.UTF8.GetBytes($"oss-callback-functions/{purpose}")), TagBytes);
}
