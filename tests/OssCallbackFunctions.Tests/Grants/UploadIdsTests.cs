using System.Buffers.Text;
using System.Text;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Tests.Grants;

public sealed class UploadIdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("06:15:00")]
    [InlineData("14.00:00:00")]
    [InlineData("194.04:20:15")]
    public void Reads_what_it_made(string life)
    {
        var ids = Ids("A");
        var expires = Now + TimeSpan.Parse(life, System.Globalization.CultureInfo.InvariantCulture);
        var id = ids.New(Now, expires);
        Assert.Matches("^u[A-Za-z0-9_-]{43}$", id);
        Assert.True(ids.TryRead(id, out var issued, out var until));
        Assert.Equal((Now, expires), (issued, until));
    }

    [Fact]
    public void Makes_another_each_time_on_each_thread()
    {
        var ids = Ids("A");
        var made = new string[8][];
        var threads = Enumerable.Range(0, made.Length).Select(i => new Thread(() => made[i] = [.. Enumerable.Range(0, 2_000).Select(_ => ids.New(Now, Now))])).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        // The random bytes are at the beginning: 12 of them are 16 characters.
        var random = made.SelectMany(some => some).Select(id => id[1..17]).ToList();
        Assert.Equal(16_000, random.Distinct().Count());
        // Of 64 characters each has its share at each place: 250, give or take 8 standard deviations.
        Assert.All(Enumerable.Range(0, 16), place => Assert.Equal(64, random.CountBy(text => text[place]).Count(character => character.Value is > 125 and < 375)));
    }

    [Fact]
    public void Does_not_know_an_id_in_which_any_one_byte_is_another()
    {
        var ids = Ids("A");
        var id = Base64Url.DecodeFromChars(ids.New(Now, Now.AddHours(1)).AsSpan(1));
        for (var i = 0; i < id.Length; i++)
        {
            foreach (var flipped in (byte[])[1, 0x80, 0xff])
            {
                id[i] ^= flipped;
                Assert.False(ids.TryRead("u" + Base64Url.EncodeToString(id), out _, out _));
                id[i] ^= flipped;
            }
        }

        Assert.True(ids.TryRead("u" + Base64Url.EncodeToString(id), out _, out _));
    }

    [Fact]
    public void Does_not_know_another_text_of_the_same_bytes()
    {
        var ids = Ids("A");
        var id = ids.New(Now, Now.AddHours(1));
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        // 32 bytes leave two bits of the last character unused.
        foreach (var other in alphabet.Where(c => c != id[^1]))
        {
            Assert.False(ids.TryRead(id[..^1] + other, out _, out _));
        }

        Assert.False(ids.TryRead(id + "=", out _, out _));
        Assert.False(ids.TryRead(" " + id[1..], out _, out _));
        Assert.False(ids.TryRead("v" + id[1..], out _, out _));
        Assert.False(ids.TryRead(id.ToUpperInvariant(), out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("u")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("u                                           ")]
    [InlineData("u../../../../../../../../../../../../../../..")]
    public void Does_not_know_what_is_no_id(string id) => Assert.False(Ids("A").TryRead(id, out _, out _));

    [Fact]
    public void Knows_ids_of_the_previous_secret_and_of_no_older_one()
    {
        var id = Ids("A").New(Now, Now);
        Assert.True(Ids("B", previous: "A").TryRead(id, out _, out _));
        Assert.False(Ids("B").TryRead(id, out _, out _));
        Assert.False(Ids("C", previous: "B").TryRead(id, out _, out _));
    }

    [Fact]
    public void Refuses_a_life_that_does_not_fit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Ids("A").New(Now, Now.AddSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ids("A").New(Now, Now.AddDays(195)));
    }

    private static UploadIds Ids(string secret, string? previous = null) =>
        new(Options.Create(new GrantOptions { Secret = Secret(secret), PreviousSecret = previous is null ? "" : Secret(previous) }));

    private static string Secret(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text.PadRight(32)));
}
