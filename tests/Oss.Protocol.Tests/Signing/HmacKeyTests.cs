using System.Security.Cryptography;

namespace Oss.Protocol.Tests.Signing;

public sealed class HmacKeyTests
{
    [Fact]
    public void Is_the_HMAC_of_each_text_however_many_ask_at_a_time()
    {
        var arbitrary = new Arbitrary(1);
        foreach (var secret in (byte[][])[[], arbitrary.Bytes(32), arbitrary.Bytes(200)])
        {
            var key = new HmacKey(secret);
            Parallel.For(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, seed =>
            {
                var text = new Arbitrary(seed).Bytes(seed % 300);
                Span<byte> mac = stackalloc byte[40];
                key.Hash(text, mac);
                Assert.Equal(HMACSHA256.HashData(secret, text), mac[..32]);
                Assert.Equal(new byte[8], mac[32..]);
            });
        }
    }

    [Fact]
    public void Needs_room_for_32_bytes_and_is_good_after_it_had_none()
    {
        var key = new HmacKey([1, 2, 3]);
        Assert.Throws<ArgumentException>(() => key.Hash("text"u8, new byte[31]));

        var mac = new byte[32];
        key.Hash("text"u8, mac);
        Assert.Equal(HMACSHA256.HashData([1, 2, 3], "text"u8), mac);
    }
}
