using System.Text;

namespace Oss.Protocol.Tests;

/// <summary>Generated inputs; the same seed gives the same ones.</summary>
internal sealed class Arbitrary(int seed)
{
    private const string Troublesome = " +%/?&=#:;,.~-_*'()!\"<>\\{}[]|^`@$a0Z";

    // CA5394: predictable numbers are what a test wants.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);

    public int Below(int limit) => _random.Next(limit);

    public long Between(long least, long most) => _random.NextInt64(least, most + 1);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
#pragma warning restore CA5394

    /// <summary>Any Unicode text, rich in characters that encoders stumble over.</summary>
    public string Text(int most, bool controls = true)
    {
        var text = new StringBuilder();
        for (var left = Below(most + 1); left > 0; left--)
        {
            text.Append(Character(controls).ToString());
        }

        return text.ToString();
    }

    public string Key()
    {
        while (true)
        {
            var key = Text(60);
            if (ObjectKey.IsValid(key, out _))
            {
                return key;
            }
        }
    }

    public string Name(int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)('a' + Below(26)))]);

    private Rune Character(bool controls)
    {
        switch (Below(6))
        {
            case 0:
            case 1:
                return new Rune((char)('a' + Below(26)));
            case 2:
                return new Rune(Troublesome[Below(Troublesome.Length)]);
            case 3:
                return new Rune((char)(0x4E00 + Below(0x5000)));
            case 4 when controls:
                return new Rune((char)Below(0x20));
            default:
                while (true)
                {
                    var value = 0xA1 + Below(0x10FFFF - 0xA1);
                    if (Rune.IsValid(value) && (controls || !Rune.IsWhiteSpace(new Rune(value))))
                    {
                        return new Rune(value);
                    }
                }
        }
    }
}
