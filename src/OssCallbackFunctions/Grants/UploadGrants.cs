using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.Grants;

/// <summary>
/// Seals and checks grants. A token is base64url of: version 2, HMAC-SHA256 (32 bytes), and the claims. Tokens of version 1, which have no variables, are accepted.
/// </summary>
public sealed class UploadGrants
{
    private const byte Version = 2;
    private const byte VersionWithoutVariables = 1;
    private const int MacBytes = HMACSHA256.HashSizeInBytes;
    private const int StackBytes = 2048;

    private readonly IReadOnlyList<HmacKey> _secrets;
    private readonly TimeProvider _clock;

    /// <summary>Grants sealed with the secret in the options; those sealed with the previous one are accepted.</summary>
    public UploadGrants(IOptions<GrantOptions> options, TimeProvider clock)
    {
        _secrets = options.Value.MacKeys;
        _clock = clock;
    }

    /// <summary>Seals a grant for one object.</summary>
    /// <returns>A token of A-Z a-z 0-9 - _, fit for a URL's path.</returns>
    /// <exception cref="ArgumentException">Id, profile or subject has more than 255 bytes of UTF-8.</exception>
    public string Seal(UploadGrant grant, string bucket, string key)
    {
        var token = new byte[BytesOf(grant)];
        token[0] = Version;
        var claims = token.AsSpan(1 + MacBytes);
        GrantClaims.Write(grant, claims);
        Mac(_secrets[0], Version, claims, bucket, key, token.AsSpan(1, MacBytes));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Bytes of a grant's token before they are written as text.</summary>
    internal static int BytesOf(UploadGrant grant) => 1 + MacBytes + GrantClaims.LengthOf(grant);

    /// <summary>Checks a token against the bucket and key that a callback is about.</summary>
    public GrantState Check(string token, string bucket, string key, out UploadGrant? grant)
    {
        grant = null;
        if (!Base64Url.IsValid(token))
        {
            return GrantState.Forged;
        }

        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= 1 + MacBytes || bytes[0] is not (Version or VersionWithoutVariables))
        {
            return GrantState.Forged;
        }

        var claims = bytes.AsSpan(1 + MacBytes);
        if (!IsSealed(bytes.AsSpan(1, MacBytes), bytes[0], claims, bucket, key))
        {
            return GrantState.Forged;
        }

        grant = GrantClaims.Read(claims, withVariables: bytes[0] == Version);
        return _clock.GetUtcNow() < grant.Expires ? GrantState.Valid : GrantState.Expired;
    }

    private bool IsSealed(ReadOnlySpan<byte> seal, byte version, ReadOnlySpan<byte> claims, string bucket, string key)
    {
        Span<byte> mac = stackalloc byte[MacBytes];
        foreach (var secret in _secrets)
        {
            Mac(secret, version, claims, bucket, key, mac);
            if (CryptographicOperations.FixedTimeEquals(mac, seal))
            {
                return true;
            }
        }

        return false;
    }

    private static void Mac(HmacKey secret, byte version, ReadOnlySpan<byte> claims, string bucket, string key, Span<byte> mac)
    {
        // A token of one version is none of another: its claims would be read otherwise.
        var purpose = version == VersionWithoutVariables ? "oss-upload-grant"u8 : "oss-upload-grant/2"u8;
        var length = purpose.Length + (2 * sizeof(int)) + Encoding.UTF8.GetByteCount(bucket) + Encoding.UTF8.GetByteCount(key) + claims.Length;
        Span<byte> message = length <= StackBytes ? stackalloc byte[StackBytes] : new byte[length];
        purpose.CopyTo(message);
        var rest = message[purpose.Length..];
        foreach (var text in (ReadOnlySpan<string>)[bucket, key])
        {
            var bytes = Encoding.UTF8.GetBytes(text, rest[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(rest, bytes);
            rest = rest[(sizeof(int) + bytes)..];
        }

        claims.CopyTo(rest);
        secret.Hash(message[..length], mac);
    }
}
