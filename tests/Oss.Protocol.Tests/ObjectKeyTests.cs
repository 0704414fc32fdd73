namespace Oss.Protocol.Tests;

public sealed class ObjectKeyTests
{
    [Theory]
    [InlineData("a")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("a//b/")]
    [InlineData("a\\b")]
    [InlineData("中文 %2F+\u0001😀")]
    public void Takes_any_text_for_a_key(string key) => Assert.True(ObjectKey.IsValid(key, out var reason), reason);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("\\a")]
    public void Refuses_a_key_that_is_empty_or_begins_with_a_slash(string? key)
    {
        Assert.False(ObjectKey.IsValid(key, out var reason));
        Assert.NotEmpty(reason);
    }

    // Attributes cannot hold such text.
    [Fact]
    public void Refuses_a_key_with_half_a_surrogate_pair() => Assert.False(ObjectKey.IsValid("a\ud800", out _));

    [Theory]
    [InlineData("a", 1023, true)]
    [InlineData("a", 1024, false)]
    [InlineData("中", 341, true)]
    [InlineData("中", 342, false)]
    public void Counts_the_bytes_of_a_key_not_its_characters(string piece, int count, bool valid) =>
        Assert.Equal(valid, ObjectKey.IsValid(string.Concat(Enumerable.Repeat(piece, count)), out _));

    [Theory]
    [InlineData("abc", true)]
    [InlineData("a-0", true)]
    [InlineData("012", true)]
    [InlineData("ab", false)]
    [InlineData("-ab", false)]
    [InlineData("ab-", false)]
    [InlineData("Abc", false)]
    [InlineData("a.c", false)]
    [InlineData("a_c", false)]
    [InlineData("bück", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Knows_the_names_of_buckets(string? bucket, bool valid) => Assert.Equal(valid, ObjectKey.IsValidBucket(bucket));

    [Fact]
    public void Takes_3_to_63_characters_for_a_bucket()
    {
        Assert.True(ObjectKey.IsValidBucket(new string('a', 63)));
        Assert.False(ObjectKey.IsValidBucket(new string('a', 64)));
    }
}
