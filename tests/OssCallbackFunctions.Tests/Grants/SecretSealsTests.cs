using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Tests.Grants;

public sealed class SecretSealsTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("https://host/key?x-oss-signature=中");

    private readonly string _secret = NewSecret();

    [Fact]
    public void Opens_what_it_sealed_with_this_secret_or_the_previous_one()
    {
        var bytes = Seals(_secret).Seal("p", "place", Content);
        Assert.Equal(Content, Seals(_secret).Open("p", "place", bytes));
        Assert.Equal(Content, Seals(NewSecret(), _secret).Open("p", "place", bytes));
        Assert.Null(Seals(NewSecret()).Open("p", "place", bytes));
    }

    [Fact]
    public void Shows_nothing_of_it_and_seals_it_otherwise_each_time()
    {
        var bytes = Seals(_secret).Seal("p", "place", Content);
        Assert.DoesNotContain("host", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        Assert.NotEqual(bytes, Seals(_secret).Seal("p", "place", Content));
    }

    [Fact]
    public void Opens_nothing_for_another_purpose_or_at_another_place()
    {
        var bytes = Seals(_secret).Seal("p", "place", Content);
        Assert.Null(Seals(_secret).Open("q", "place", bytes));
        Assert.Null(Seals(_secret).Open("p", "other", bytes));
    }

    [Fact]
    public void Opens_nothing_of_which_a_byte_was_changed_or_lost()
    {
        var bytes = Seals(_secret).Seal("p", "place", Content);
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;
            Assert.Null(Seals(_secret).Open("p", "place", changed));
            Assert.Null(Seals(_secret).Open("p", "place", bytes.AsSpan(0, i)));
        }
    }

    private static string NewSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static SecretSeals Seals(string secret, string? previous = null) => new(Options.Create(new GrantOptions { Secret = secret, PreviousSecret = previous }));
}
