using System.Globalization;
using System.Security.Cryptography;

namespace Oss.Protocol;

/// <summary>
/// The proof that OSS sent a callback: RSA PKCS#1 v1.5 with MD5 over decoded path, raw query, LF and raw body. It covers no header and no time,
/// and one key of OSS's signs for all its customers: it says that OSS called, not that the call is about an upload of ours.
/// Source: OSS documentation, "Callback", step 4.
/// </summary>
public static class CallbackSignature
{
    private const int StackBytes = 1024;

    /// <summary>Signs as OSS does; for an emulator, with a key of its own.</summary>
    /// <param name="requestTarget">Path and query of the call, as sent.</param>
    /// <param name="body">Body of the call, as sent.</param>
    /// <param name="privateKey">RSA key.</param>
    /// <returns>Value of the Authorization header.</returns>
    public static string Sign(string requestTarget, ReadOnlySpan<byte> body, RSA privateKey)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        Hash(requestTarget, body, plusIsSpace: false, hash);
        return Convert.ToBase64String(privateKey.SignHash(hash, HashAlgorithmName.MD5, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Checks a callback. Use target and body exactly as they arrived: any decoding, re-encoding or re-ordering breaks the signature.</summary>
    /// <param name="requestTarget">Path and query that the callback URL had.</param>
    /// <param name="body">Raw body.</param>
    /// <param name="authorization">Value of the Authorization header; null when there is none.</param>
    /// <param name="publicKey">OSS's key.</param>
    public static bool Verify(string requestTarget, ReadOnlySpan<byte> body, string? authorization, RSA publicKey)
    {
        Span<byte> signature = stackalloc byte[publicKey.KeySize / 8];
        if (authorization is null || authorization.Length != (signature.Length + 2) / 3 * 4
            || !Convert.TryFromBase64String(authorization, signature, out var length) || length != signature.Length)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        Hash(requestTarget, body, plusIsSpace: false, hash);
        if (publicKey.VerifyHash(hash, signature, HashAlgorithmName.MD5, RSASignaturePadding.Pkcs1))
        {
            return true;
        }

        // OSS's own samples disagree on "+" in a path; only a path that has one is looked at twice.
        if (!Path(requestTarget).Contains('+'))
        {
            return false;
        }

        Hash(requestTarget, body, plusIsSpace: true, hash);
        return publicKey.VerifyHash(hash, signature, HashAlgorithmName.MD5, RSASignaturePadding.Pkcs1);
    }

    /// <summary>The bytes that are signed.</summary>
    internal static byte[] StringToSign(string requestTarget, ReadOnlySpan<byte> body)
    {
        var buffer = new Utf8Buffer(stackalloc byte[StackBytes]);
        Write(ref buffer, requestTarget, body, plusIsSpace: false);
        var bytes = buffer.Written.ToArray();
        buffer.Dispose();
        return bytes;
    }

    private static void Hash(string requestTarget, ReadOnlySpan<byte> body, bool plusIsSpace, Span<byte> hash)
    {
        var buffer = new Utf8Buffer(stackalloc byte[StackBytes]);
        Write(ref buffer, requestTarget, body, plusIsSpace);
#pragma warning disable CA5351 // The algorithm is OSS's choice.
        MD5.HashData(buffer.Written, hash);
#pragma warning restore CA5351
        buffer.Dispose();
    }

    private static void Write(ref Utf8Buffer buffer, string requestTarget, ReadOnlySpan<byte> body, bool plusIsSpace)
    {
        var path = Path(requestTarget);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && i + 2 < path.Length && byte.TryParse(path.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var decoded))
            {
                buffer.Append(decoded);
                i += 2;
            }
            else if (path[i] == '+' && plusIsSpace)
            {
                buffer.Append((byte)' ');
            }
            else
            {
                buffer.Append(path.Slice(i, char.IsHighSurrogate(path[i]) && i + 1 < path.Length ? 2 : 1));
                i += char.IsHighSurrogate(path[i]) ? 1 : 0;
            }
        }

        buffer.Append(requestTarget.AsSpan(path.Length));
        buffer.Append((byte)'\n');
        buffer.Append(body);
    }

    private static ReadOnlySpan<char> Path(string requestTarget)
    {
        var query = requestTarget.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? requestTarget : requestTarget.AsSpan(0, query);
    }
}
