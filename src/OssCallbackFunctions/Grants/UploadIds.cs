using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Oss.Protocol;

namespace OssCallbackFunctions.Grants;

/// <summary>
/// Ids of uploads that prove themselves: until something happens to an upload nothing is kept of it, and yet it can be told from one that never was. An id is <c>u</c> and base64url
/// of 96 random bits, the time of lending (5 bytes, Unix seconds), the seconds until the grant is over (3 bytes), and 96 bits of HMAC-SHA256 over these.
/// </summary>
public sealed class UploadIds
{
    /// <summary>Length of an id, of A-Z a-z 0-9 - _.</summary>
    public const int Length = 1 + 43;

    private const char Mark = 'u';
    private const int RandomLength = 12;
    private const int TimeBytes = 5;
    private const int LifeBytes = 3;
    private const int MacBytes = 12;
    private const int ClaimBytes = RandomLength + TimeBytes + LifeBytes;

    private readonly IReadOnlyList<HmacKey> _secrets;

    /// <summary>Ids proven by the secret in the options; those of the previous one are accepted.</summary>
    public UploadIds(IOptions<GrantOptions> options)
    {
        _secrets = options.Value.MacKeys;
    }

    /// <summary>A new id.</summary>
    /// <param name="issued">When the credential is lent; to the second.</param>
    /// <param name="expires">When its grant is over; at most 194 days later.</param>
    public string New(DateTimeOffset issued, DateTimeOffset expires)
    {
        var life = expires.ToUnixTimeSeconds() - issued.ToUnixTimeSeconds();
        ArgumentOutOfRangeException.ThrowIfNegative(life, nameof(expires));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(life, 1L << (8 * LifeBytes), nameof(expires));
        Span<byte> id = stackalloc byte[ClaimBytes + MacBytes];
        RandomBytes.Fill(id[..RandomLength]);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, issued.ToUnixTimeSeconds());
        number[^TimeBytes..].CopyTo(id[RandomLength..]);
        BinaryPrimitives.WriteInt64BigEndian(number, life);
        number[^LifeBytes..].CopyTo(id[(RandomLength + TimeBytes)..]);
        Mac(_secrets[0], id[..ClaimBytes], id[ClaimBytes..]);
        return Mark + Base64Url.EncodeToString(id);
    }

    /// <summary>Whether an id is one of ours, and then when it was lent and until when.</summary>
    public bool TryRead(string id, out DateTimeOffset issued, out DateTimeOffset expires)
    {
        (issued, expires) = (default, default);
        Span<byte> bytes = stackalloc byte[ClaimBytes + MacBytes];
        // Only text that comes out the same is that id: others may be decoded to its bytes, and would be other rows.
        if (id.Length != Length || id[0] != Mark || !Base64Url.IsValid(id.AsSpan(1)) || !Base64Url.TryDecodeFromChars(id.AsSpan(1), bytes, out var length) || length != bytes.Length
            || !id.AsSpan(1).SequenceEqual(Base64Url.EncodeToString(bytes)) || !IsOurs(bytes))
        {
            return false;
        }

        Span<byte> number = stackalloc byte[sizeof(long)];
        bytes.Slice(RandomLength, TimeBytes).CopyTo(number[^TimeBytes..]);
        issued = DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(number));
        number.Clear();
        bytes.Slice(RandomLength + TimeBytes, LifeBytes).CopyTo(number[^LifeBytes..]);
        expires = issued.AddSeconds(BinaryPrimitives.ReadInt64BigEndian(number));
        return true;
    }

    private bool IsOurs(ReadOnlySpan<byte> id)
    {
        Span<byte> mac = stackalloc byte[MacBytes];
        foreach (var secret in _secrets)
        {
            Mac(secret, id[..ClaimBytes], mac);
            if (CryptographicOperations.FixedTimeEquals(mac, id[ClaimBytes..]))
            {
                return true;
            }
        }

        return false;
    }

    private static void Mac(HmacKey secret, ReadOnlySpan<byte> claims, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        secret.Hash([.. "oss-upload-id"u8, 0, .. claims], whole);
        whole[..MacBytes].CopyTo(mac);
    }
}
