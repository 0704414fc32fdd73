using System.Buffers.Text;
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

    [Fact]
    public void Refuses_a_token_with_variables_in_which_any_one_byte_is_another()
    {
        var grants = Grants("A");
        var token = Base64Url.DecodeFromChars(grants.Seal(_grant with { Variables = new Dictionary<string, string> { ["order"] = "42" } }, "bucket", "key"));
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var flipped in (byte[])[1, 3, 0x80, 0xff])
            {
                token[i] ^= flipped;
                Assert.Equal(GrantState.Forged, grants.Check(Base64Url.EncodeToString(token), "bucket", "key", out var opened));
                Assert.Null(opened);
                token[i] ^= flipped;
            }

            Assert.Equal(GrantState.Forged, grants.Check(Base64Url.EncodeToString(token.AsSpan(0, i)), "bucket", "key", out _));
        }

        Assert.Equal(GrantState.Valid, grants.Check(Base64Url.EncodeToString(token), "bucket", "key", out _));
    }

    [Fact]
    public void Opens_the_variables_that_it_sealed()
    {
        var grants = Grants("A");
        var variables = Enumerable.Range(0, 10).ToDictionary(n => $"v{n}", n => n == 0 ? "" : new string('图', 100));
        Assert.Equal(GrantState.Valid, grants.Check(grants.Seal(_grant with { Variables = variables }, "bucket", "key"), "bucket", "key", out var opened));
        Assert.Equal(variables, opened!.Variables);
        Assert.Equal(_grant, opened with { Variables = null });
    }

    [Fact]
    public void Accepts_a_token_of_version_1()
    {
        // Sealed by the code of version 1, of id 0123456789abcdef, profile default, subject 用户 7, for bucket and a/../b, with secret A.
        const string token = "AWNymYB5XdURuAgfcaMK8J6j6qsq5XgFMStstDXuThfdAAAAAGlXN_0QMDEyMzQ1Njc4OWFiY2RlZgdkZWZhdWx0COeUqOaItyA3";
        Assert.Equal(GrantState.Valid, Grants("A").Check(token, "bucket", "a/../b", out var opened));
        Assert.Equal(_grant, opened);
        var bytes = Base64Url.DecodeFromChars(token);
        bytes[0] = 2;
        Assert.Equal(GrantState.Forged, Grants("A").Check(Base64Url.EncodeToString(bytes), "bucket", "a/../b", out _));
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
