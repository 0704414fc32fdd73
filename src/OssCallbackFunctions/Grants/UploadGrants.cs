using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Grants;

/// <summary>Seals and checks grants. A token is base64url of: version 1, HMAC-SHA256 (32 bytes), expiry (8 bytes), id, profile and subject, each behind its length.</summary>
public sealed class UploadGrants
{
    private const byte Version = 1;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;
    private const int MaxText = byte.MaxValue;

    private readonly IReadOnlyList<byte[]> _secrets;
    private readonly TimeProvider _clock;

    /// <summary>Grants sealed with the secret in the options; those sealed with the previous one are accepted.</summary>
    public UploadGrants(IOptions<GrantOptions> options, TimeProvider clock)
    {
        _secrets = options.Value.SecretBytes;
        _clock = clock;
    }

    /// <summary>Seals a grant for one object.</summary>
    /// <returns>A token of A-Z a-z 0-9 - _, fit for a URL's path.</returns>
    /// <exception cref="ArgumentException">Id, profile or subject has more than 255 bytes of UTF-8.</exception>
    public string Seal(UploadGrant grant, string bucket, string key)
    {
        var claims = new ArrayBufferWriter<byte>(128);
        BinaryPrimitives.WriteInt64BigEndian(claims.GetSpan(sizeof(long)), grant.Expires.ToUnixTimeSeconds());
        claims.Advance(sizeof(long));
        foreach (var text in (ReadOnlySpan<string>)[grant.Id, grant.Profile, grant.Subject])
        {
            Write(claims, text);
        }

        var token = new byte[1 + MacBytes + claims.WrittenCount];
        token[0] = Version;
        claims.WrittenSpan.CopyTo(token.AsSpan(1 + MacBytes));
        Mac(_secrets[0], claims.WrittenSpan, bucket, key, token.AsSpan(1, MacBytes));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Checks a token against the bucket and key that a callback is about.</summary>
    public GrantState Check(string token, string bucket, string key, out UploadGrant? grant)
    {
        grant = null;
        if (!Base64Url.IsValid(token))
        {
            return GrantState.Forged;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= 1 + MacBytes || bytes[0] != Version)
        {
            return GrantState.Forged;
        }

        var claims = bytes.AsSpan(1 + MacBytes);
        if (!IsSealed(bytes.AsSpan(1, MacBytes), claims, bucket, key))
        {
            return GrantState.Forged;
        }

        // Sealed by us, so well-formed.
        var expires = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(claims));
        ReadOnlySpan<byte> rest = claims[sizeof(long)..];
        grant = new UploadGrant(Read(ref rest), Read(ref rest), Read(ref rest), expires);
        return _clock.GetUtcNow() < expires ? GrantState.Valid : GrantState.Expired;
    }

    private bool IsSealed(ReadOnlySpan<byte> seal, ReadOnlySpan<byte> claims, string bucket, string key)
    {
        Span<byte> mac = stackalloc byte[MacBytes];
        foreach (var secret in _secrets)
        {
            Mac(secret, claims, bucket, key, mac);
            if (CryptographicOperations.FixedTimeEquals(mac, seal))
            {
                return true;
            }
        }

        return false;
    }

    private static void Mac(byte[] secret, ReadOnlySpan<byte> claims, string bucket, string key, Span<byte> mac)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData("oss-upload-grant"u8);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in (ReadOnlySpan<string>)[bucket, key])
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, utf8.Length);
            hmac.AppendData(length);
            hmac.AppendData(utf8);
        }

        hmac.AppendData(claims);
        hmac.GetHashAndReset(mac);
    }

    private static void Write(ArrayBufferWriter<byte> claims, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length > MaxText)
        {
            throw new ArgumentException($"A grant's id, profile and subject have at most {MaxText} bytes each.", nameof(text));
        }

        claims.Write([(byte)length]);
        Encoding.UTF8.GetBytes(text, claims);
    }

    private static string Read(ref ReadOnlySpan<byte> claims)
    {
        var text = Encoding.UTF8.GetString(claims.Slice(1, claims[0]));
        claims = claims[(1 + claims[0])..];
        return text;
    }
}
