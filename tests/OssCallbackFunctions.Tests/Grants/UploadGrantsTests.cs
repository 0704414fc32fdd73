using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Tests.Grants;

public sealed class UploadGrantsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Now);
    private readonly UploadGrant _grant = new("0123456789abcdef", "default", "用户 7", Now.AddMinutes(10));

    [Fact]
    public void Opens_what_it_sealed()
    {
        var grants = Grants("A");
        var token = grants.Seal(_grant, "bucket", "a/../b");
        Assert.Matches("^[A-Za-z0-9_-]+$", token);
        Assert.Equal(GrantState.Valid, grants.Check(token, "bucket", "a/../b", out var opened));
        Assert.Equal(_grant, opened);
    }

    [Theory]
    [InlineData("bucket", "other")]
    [InlineData("other", "key")]
    [InlineData("bucketk", "ey")]
    public void Refuses_another_object(string bucket, string key)
    {
        var grants = Grants("A");
        Assert.Equal(GrantState.Forged, grants.Check(grants.Seal(_grant, "bucket", "key"), bucket, key, out var opened));
        Assert.Null(opened);
    }

    [Fact]
    public void Refuses_another_secret() =>
        Assert.Equal(GrantState.Forged, Grants("B").Check(Grants("A").Seal(_grant, "bucket", "key"), "bucket", "key", out _));

    [Fact]
    public void Accepts_what_the_previous_secret_sealed_and_seals_with_the_new_one()
    {
        var old = Grants("A").Seal(_grant, "bucket", "key");
        var rotated = Grants("B", previous: "A");
        Assert.Equal(GrantState.Valid, rotated.Check(old, "bucket", "key", out var opened));
        Assert.Equal(_grant, opened);
        Assert.Equal(GrantState.Forged, rotated.Check(old, "bucket", "other", out _));

        var fresh = rotated.Seal(_grant, "bucket", "key");
        Assert.Equal(GrantState.Valid, Grants("B").Check(fresh, "bucket", "key", out _));
        Assert.Equal(GrantState.Forged, Grants("A").Check(fresh, "bucket", "key", out _));
    }

    [Fact]
    public void Refuses_what_an_older_secret_than_the_previous_one_sealed() =>
        Assert.Equal(GrantState.Forged, Grants("C", previous: "B").Check(Grants("A").Seal(_grant, "bucket", "key"), "bucket", "key", out _));

    [Fact]
    public void Refuses_a_token_in_which_any_one_character_is_another()
    {
        var grants = Grants("A");
        var token = grants.Seal(_grant, "bucket", "key");
        for (var i = 0; i < token.Length - 1; i++)
        {
            var altered = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Equal(GrantState.Forged, grants.Check(altered, "bucket", "key", out _));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("not base64!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Refuses_what_is_no_token(string token) => Assert.Equal(GrantState.Forged, Grants("A").Check(token, "bucket", "key", out _));

    [Fact]
    public void Expires_to_the_second()
    {
        var grants = Grants("A");
        var token = grants.Seal(_grant, "bucket", "key");
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(GrantState.Valid, grants.Check(token, "bucket", "key", out _));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(GrantState.Expired, grants.Check(token, "bucket", "key", out var opened));
        Assert.Equal(_grant.Id, opened!.Id);
    }

    [Fact]
    public void Refuses_to_seal_more_than_fits() =>
        Assert.Throws<ArgumentException>(() => Grants("A").Seal(_grant with { Subject = new string('x', 256) }, "bucket", "key"));

    private UploadGrants Grants(string secret, string? previous = null) =>
        new(Options.Create(new GrantOptions { Secret = Secret(secret), PreviousSecret = previous is null ? "" : Secret(previous) }), _clock);

    private static string Secret(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text.PadRight(32)));
}
