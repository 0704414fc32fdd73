using System.Security.Cryptography;

namespace Oss.Protocol;

/// <summary>
/// HMAC-SHA256 by one key, of which the cryptographic library keeps what it made at first: with a key that it sees anew each time it needs twice as long for a short text. Safe for concurrent use.
/// </summary>
public sealed class HmacKey
{
    private readonly byte[] _key;

    // Lent to one caller at a time; who comes meanwhile makes another.
    private HMACSHA256? _idle;

    /// <summary>A key of any length.</summary>
    public HmacKey(byte[] key)
    {
        _key = key;
    }

    /// <summary>Writes the 32 bytes of a text's HMAC.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mac">Room for at least 32 bytes.</param>
    public void Hash(ReadOnlySpan<byte> text, Span<byte> mac)
    {
        var hmac = Interlocked.Exchange(ref _idle, null) ?? new HMACSHA256(_key);
        if (!hmac.TryComputeHash(text, mac, out _))
        {
            throw new ArgumentException("An HMAC has 32 bytes.", nameof(mac));
        }

        if (Interlocked.CompareExchange(ref _idle, hmac, null) is not null)
        {
            hmac.Dispose();
        }
    }
}
