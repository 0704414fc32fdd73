using System.Text.RegularExpressions;
using CsCheck;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

public class ObjectFilterTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*.jpg", "a.jpg", true)]
    [InlineData("*.jpg", "a.jpeg", false)]
    [InlineData("*.jpg", "A.JPG", false)]
    [InlineData("a*b*c", "abxbc", true)]
    [InlineData("a*b*c", "abxb", false)]
    [InlineData("**a**", "bab", true)]
    [InlineData("?", "ä", true)]
    [InlineData("?", "\U0001F600", true)]
    [InlineData("??", "\U0001F600", false)]
    [InlineData("?", "", false)]
    [InlineData("a[0-9]b", "a5b", true)]
    [InlineData("a[!0-9]b", "a5b", false)]
    [InlineData("a[^0-9]b", "axb", true)]
    [InlineData("[abc][-x]", "b-", true)]
    [InlineData("[]x]", "]", true)]
    [InlineData("[\\]x]", "]", true)]
    [InlineData("[\U0001F600-\U0001F610]", "\U0001F605", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("[*]", "*", true)]
    [InlineData("a", "ab", false)]
    [InlineData("a.b", "axb", false)]
    public void Patterns_are_ossutils(string pattern, string text, bool matches) => Assert.Equal(matches, GlobPattern.Parse(pattern)!.Matches(text));

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[!]")]
    [InlineData("[a")]
    [InlineData("[z-a]")]
    [InlineData("[a-\\")]
    [InlineData("a\\")]
    public void What_does_not_end_is_no_pattern(string pattern)
    {
        Assert.Null(GlobPattern.Parse(pattern));
        Assert.NotNull(ObjectFilter.Refuse([pattern], null));
        Assert.NotNull(ObjectFilter.Refuse(["*"], [pattern]));
    }

    [Fact]
    public void Any_pattern_matches_what_the_regular_expression_of_the_same_meaning_matches()
    {
        var piece = Gen.OneOf(Gen.Const("*"), Gen.Const("?"), Gen.Const("a"), Gen.Const("b"), Gen.Const("[ab]"), Gen.Const("[!a]"), Gen.Const("/"));
        Gen.Select(piece.Array[1, 8], Gen.OneOf(Gen.Const('a'), Gen.Const('b'), Gen.Const('/')).Array[0, 12]).Sample((pieces, text) =>
        {
            var regex = string.Concat(pieces.Select(part => part switch { "*" => ".*", "?" => ".", "[!a]" => "[^a]", _ => part }));
            return Regex.IsMatch(new string(text), $@"\A(?:{regex})\z", RegexOptions.CultureInvariant | RegexOptions.Singleline) == GlobPattern.Parse(string.Concat(pieces))!.Matches(new string(text));
        }, iter: 10_000);
    }

    [Fact]
    public void Any_text_is_matched_by_itself_escaped_and_by_stars_around_it_and_not_by_one_character_more() => Gen.String[1, 50].Sample(text =>
    {
        var escaped = string.Concat(text.EnumerateRunes().Select(rune => $"\\{rune}"));

        Assert.True(GlobPattern.Parse(escaped)!.Matches(text));
        Assert.True(GlobPattern.Parse($"*{escaped}*")!.Matches("x" + text + "x"));
        Assert.False(GlobPattern.Parse(escaped + "?")!.Matches(text));
        GlobPattern.Parse(text)?.Matches(text);
    }, iter: 2_000);

    [Theory]
    [InlineData("a.jpg", true)]
    [InlineData("deep/er/a.jpg", true)]
    [InlineData("deep/er/a.png", false)]
    [InlineData("tmp/a.jpg", false)]
    [InlineData("tmp/x/a.jpg", false)]
    [InlineData("keep/tmp/a.jpg", true)]
    [InlineData("deep/.a.jpg", false)]
    [InlineData("raw/x/y.bin", true)]
    public void Takes_what_is_included_and_not_excluded_by_name_or_with_a_slash_by_path(string path, bool isTaken)
    {
        string[] include = ["*.jpg", "raw/*"];
        string[] exclude = ["tmp/*", ".*"];

        Assert.Null(ObjectFilter.Refuse(include, exclude));
        Assert.Equal(isTaken, new ObjectFilter(include, exclude).Takes(path));
    }

    [Fact]
    public void Without_patterns_all_is_taken_and_with_excludes_alone_all_others()
    {
        Assert.True(new ObjectFilter(null, null).Takes("a"));
        Assert.True(new ObjectFilter([], ["b"]).Takes("a"));
        Assert.False(new ObjectFilter([], ["b"]).Takes("b"));
    }

    [Fact]
    public void Patterns_are_limited_in_number_and_length()
    {
        Assert.Null(ObjectFilter.Refuse(null, null));
        Assert.Null(ObjectFilter.Refuse(Enumerable.Repeat("*", 60).ToArray(), Enumerable.Repeat("*", 40).ToArray()));
        Assert.NotNull(ObjectFilter.Refuse(Enumerable.Repeat("*", 60).ToArray(), Enumerable.Repeat("*", 41).ToArray()));
        Assert.Null(ObjectFilter.Refuse([new string('a', 256)], null));
        Assert.NotNull(ObjectFilter.Refuse([new string('a', 257)], null));
        Assert.NotNull(ObjectFilter.Refuse(Enumerable.Repeat(new string('a', 256), 17).ToArray(), null));
        Assert.NotNull(ObjectFilter.Refuse([null!], null));
    }

    [Fact]
    public void The_worst_pattern_takes_steps_by_the_product_and_not_by_the_power_of_the_lengths()
    {
        // A matcher that tries all ways would not come to an end.
        var pattern = GlobPattern.Parse(string.Concat(Enumerable.Repeat("*a", 127)) + "*b")!;

        Assert.False(pattern.Matches(new string('a', 1023)));
        Assert.True(pattern.Matches(new string('a', 1023) + "b"));
    }
}
