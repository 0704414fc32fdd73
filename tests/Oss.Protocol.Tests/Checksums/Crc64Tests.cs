using System.Globalization;

namespace Oss.Protocol.Tests;

public sealed class Crc64Tests
{
    public static TheoryData<string> Checksums => Vector.Ids("crc64");

    public static TheoryData<string> Combinations => Vector.Ids("crc64-combine");

    [Theory]
    [MemberData(nameof(Checksums))]
    public void Computes_what_the_SDKs_compute(string id)
    {
        var vector = Vector.Get("crc64", id);
        var data = vector.Input.GetProperty("dataBase64").GetBytesFromBase64();
        Assert.Equal(vector.Input.GetProperty("length").GetInt32(), data.Length);

        var crc = Crc64.Compute(data);

        Assert.Equal(vector.Expected.Text("crc64"), Crc64.ToText(crc));
        Assert.Equal(vector.Expected.Text("hex"), crc.ToString("x16", CultureInfo.InvariantCulture));
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Combines_as_the_SDKs_do(string id)
    {
        var vector = Vector.Get("crc64-combine", id);
        Assert.True(Crc64.TryParse(vector.Input.Text("crc1"), out var first));
        Assert.True(Crc64.TryParse(vector.Input.Text("crc2"), out var second));
        Assert.Equal(vector.Expected.Text("crc64"), Crc64.ToText(Crc64.Combine(first, second, vector.Input.GetProperty("length2").GetInt64())));
    }

    [Fact]
    public void Gives_the_check_value_of_CRC_64_XZ() => Assert.Equal(0x995DC9BBDF1939FAUL, Crc64.Compute("123456789"u8));

    [Fact]
    public void Is_the_same_with_and_without_acceleration_for_every_length_and_alignment()
    {
        var data = new Arbitrary(1).Bytes(700);
        for (var length = 0; length <= 600; length++)
        {
            for (var offset = 0; offset < 17; offset++)
            {
                var piece = data.AsSpan(offset, length);
                Assert.Equal(~Crc64.AppendTables(~0UL, piece), Crc64.Append(0, piece));
                Assert.Equal(~Crc64.AppendTables(~(ulong)offset, piece), Crc64.Append((ulong)offset, piece));
            }
        }
    }

    [Fact]
    public void Tables_give_what_the_polynomial_gives_bit_by_bit()
    {
        var data = new Arbitrary(2).Bytes(300);
        for (var length = 0; length <= data.Length; length++)
        {
            Assert.Equal(BitByBit(data.AsSpan(0, length)), ~Crc64.AppendTables(~0UL, data.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Is_the_same_in_one_go_and_in_pieces_wherever_they_are_cut()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var arbitrary = new Arbitrary(seed);
            var data = arbitrary.Bytes(arbitrary.Below(3000));
            var cut = arbitrary.Below(data.Length + 1);
            var whole = Crc64.Compute(data);
            var (first, second) = (Crc64.Compute(data.AsSpan(0, cut)), Crc64.Compute(data.AsSpan(cut)));

            Assert.Equal(whole, Crc64.Append(first, data.AsSpan(cut)));
            Assert.Equal(whole, Crc64.Combine(first, second, data.Length - cut));
        }
    }

    [Fact]
    public void Combines_in_any_grouping()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var arbitrary = new Arbitrary(seed);
            var (a, b, c) = (Random(arbitrary), Random(arbitrary), Random(arbitrary));
            var (lengthB, lengthC) = (arbitrary.Between(0, 1L << 45), arbitrary.Between(0, 1L << 45));

            Assert.Equal(
                Crc64.Combine(Crc64.Combine(a, b, lengthB), c, lengthC),
                Crc64.Combine(a, Crc64.Combine(b, c, lengthC), lengthB + lengthC));
        }

        static ulong Random(Arbitrary arbitrary) => BitConverter.ToUInt64(arbitrary.Bytes(8));
    }

    [Fact]
    public void Combines_lengths_up_to_the_largest()
    {
        Assert.Equal(7UL, Crc64.Combine(7, 0, 0));
        Assert.Equal(
            Crc64.Combine(Crc64.Combine(7, 0, long.MaxValue - 1), 0, 1),
            Crc64.Combine(7, 0, long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Crc64.Combine(1, 2, -1));
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("18446744073709551615", true)]
    [InlineData("18446744073709551616", false)]
    [InlineData("-1", false)]
    [InlineData("+1", false)]
    [InlineData(" 1", false)]
    [InlineData("0x1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Reads_unsigned_decimals_alone(string? text, bool valid) => Assert.Equal(valid, Crc64.TryParse(text, out _));

    private static ulong BitByBit(ReadOnlySpan<byte> data)
    {
        var crc = ~0UL;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xC96C5795D7870F42UL : crc >> 1;
            }
        }

        return ~crc;
    }
}
