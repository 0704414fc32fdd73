using System.Text;
using CsCheck;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Tests.Storage;

public sealed class KeyOrderTests
{
    private static string[] All(KeyOrder keys)
    {
        var all = new List<string>();
        for (var key = keys.First("", inclusive: true); key is not null; key = keys.First(key, inclusive: false))
        {
            all.Add(key);
        }

        return [.. all];
    }

    [Fact]
    public void Is_that_of_UTF8_bytes()
    {
        var keys = new KeyOrder();
        string[] ordered = ["!", "A", "B", "a", "a!", "a/", "a/b", "a0", "é", "中", "\uE000", "\uFFFD", "😀", "😀a", "😁", "\U0010FFFD"];
        foreach (var key in ordered.Reverse())
        {
            keys.Add(key);
            keys.Add(key);
        }

        Assert.Equal(ordered, All(keys));
        Assert.Equal(16, keys.Count);
    }

    [Fact]
    public void Is_that_of_UTF8_bytes_whatever_the_keys() => Gen.Select(Text, Text).Sample((left, right) =>
        Assert.Equal(Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))), Math.Sign(KeyOrder.Compare(left, right))));

    [Theory]
    [InlineData("", true, "a")]
    [InlineData("a", true, "a")]
    [InlineData("a", false, "b/1")]
    [InlineData("b", true, "b/1")]
    [InlineData("b/1", false, "b/2")]
    [InlineData("b/2", false, "c")]
    [InlineData("c", true, "c")]
    [InlineData("c", false, null)]
    [InlineData("d", true, null)]
    public void Is_entered_at_any_place(string from, bool inclusive, string? expected)
    {
        var keys = new KeyOrder();
        foreach (var key in (string[])["c", "b/2", "a", "b/1", "gone"])
        {
            keys.Add(key);
        }

        keys.Remove("gone");
        keys.Remove("never there");

        Assert.Equal(expected, keys.First(from, inclusive));
    }

    [Fact]
    public void Has_nothing_when_there_are_no_keys() => Assert.Null(new KeyOrder().First("", inclusive: true));

    [Theory]
    [InlineData("a", "b")]
    [InlineData("a/", "a0")]
    [InlineData("\uD7FF", "\uE000")]
    [InlineData("\uFFFF", "\U00010000")]
    [InlineData("a\U0010FFFF", "b")]
    [InlineData("\U0010FFFF", null)]
    [InlineData("", null)]
    public void Goes_on_behind_all_that_begins_alike(string prefix, string? after) => Assert.Equal(after, KeyOrder.After(prefix));

    [Fact]
    public void Goes_on_behind_all_that_begins_alike_whatever_the_prefix() => Gen.Select(Text, Text).Sample((prefix, rest) =>
    {
        if (KeyOrder.After(prefix) is { } after)
        {
            Assert.True(KeyOrder.Compare(prefix + rest, after) < 0);
            Assert.True(KeyOrder.Compare(prefix, after) < 0);
        }
    });

    private static readonly Gen<string> Text = Gen.OneOf(Gen.Int['a', 'c'], Gen.Int[0x20, 0xD7FF], Gen.Int[0xE000, 0xFFFF], Gen.Int[0x10000, 0x10FFFF], Gen.OneOf(Gen.Const(0xD7FF), Gen.Const(0xE000), Gen.Const(0x10FFFF)))
        .Select(char.ConvertFromUtf32).Array[0, 4].Select(string.Concat);
}
