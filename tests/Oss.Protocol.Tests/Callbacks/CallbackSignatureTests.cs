using System.Security.Cryptography;
using System.Text;

namespace Oss.Protocol.Tests;

public sealed class CallbackSignatureTests : IDisposable
{
    private readonly RSA _key = RSA.Create(1024);

    public static TheoryData<string> Cases => Vector.Ids("callback-verify");

    public void Dispose() => _key.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Verifies_genuine_callbacks_and_refuses_others(string id)
    {
        var vector = Vector.Get("callback-verify", id);
        var target = vector.Input.Text("requestTarget");
        var body = vector.Input.GetProperty("bodyBase64").GetBytesFromBase64();
        var headers = vector.Input.GetProperty("headers");
        Assert.True(OssEncoding.TryDecodeBase64(headers.TextOrNull("x-oss-pub-key-url"), out var keyUrl));
        using var key = CallbackPublicKey.Parse(vector.Input.Text("publicKeyPem"));

        var valid = CallbackPublicKeys.IsPinned(Encoding.UTF8.GetString(keyUrl)) && key.Verify(target, body, headers.TextOrNull("authorization"));

        Assert.Equal(vector.Expected.GetProperty("valid").GetBoolean(), valid);
        if (vector.Expected.TryGetProperty("stringToSignBase64", out var stringToSign))
        {
            Assert.Equal(stringToSign.GetBytesFromBase64(), CallbackSignature.StringToSign(target, body));
        }
    }

    [Fact]
    public void Verifies_what_it_signed_and_nothing_altered()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var arbitrary = new Arbitrary(seed);
            var target = $"/cb/{OssEncoding.EncodePath(arbitrary.Text(8))}?a={OssEncoding.Encode(arbitrary.Text(8))}&b=2";
            var body = arbitrary.Bytes(1 + arbitrary.Below(3000));
            var authorization = CallbackSignature.Sign(target, body, _key);

            Assert.True(Verify(target, body, authorization));
            Assert.False(Verify("/other" + target, body, authorization));
            Assert.False(Verify(target + "&c=3", body, authorization));
            Assert.False(Verify(target.Replace("&b=2", "", StringComparison.Ordinal), body, authorization));
            Assert.False(Verify(target.Split('?')[0], body, authorization));
            Assert.False(Verify(target, [.. body, 0], authorization));
            Assert.False(Verify(target, [], authorization));
            body[arbitrary.Below(body.Length)] ^= 1;
            Assert.False(Verify(target, body, authorization));
        }
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/cb?", "/cb?")]
    [InlineData("/%E5%9B%9E%E8%B0%83/done?x=%E4%B8%AD+%20", "/回调/done?x=%E4%B8%AD+%20")]
    [InlineData("/%2f%252F?", "//%2F?")]
    [InlineData("/a+b?c+d", "/a+b?c+d")]
    [InlineData("/a%3Fb?c", "/a?b?c")]
    [InlineData("/100%?a=100%", "/100%?a=100%")]
    [InlineData("/%zz%4", "/%zz%4")]
    [InlineData("/q?a?b", "/q?a?b")]
    public void Signs_the_path_decoded_once_and_the_query_as_it_came(string target, string start) =>
        Assert.Equal(start + "\nbody", Encoding.UTF8.GetString(CallbackSignature.StringToSign(target, "body"u8)));

    [Fact]
    public void Signs_bytes_that_are_no_text_as_they_are() =>
        Assert.Equal([(byte)'/', 0xFF, (byte)'\n', 0xFE, 0x00], CallbackSignature.StringToSign("/%FF", [0xFE, 0x00]));

    [Fact]
    public void Takes_a_plus_in_a_path_for_itself_or_for_a_space()
    {
        var asSpace = CallbackSignature.Sign("/a%20b?c+d", "body"u8, _key);
        var asItself = CallbackSignature.Sign("/a+b?c+d", "body"u8, _key);

        Assert.True(Verify("/a+b?c+d", "body"u8, asSpace));
        Assert.True(Verify("/a+b?c+d", "body"u8, asItself));
        Assert.False(Verify("/a+b?c%20d", "body"u8, asItself));
        Assert.False(Verify("/a%20b?c+d", "body"u8, asItself));
    }

    [Fact]
    public void Tells_a_trailing_question_mark_from_none()
    {
        var without = CallbackSignature.Sign("/cb", [], _key);
        Assert.True(Verify("/cb", [], without));
        Assert.False(Verify("/cb?", [], without));
        Assert.True(Verify("/cb?", [], CallbackSignature.Sign("/cb?", [], _key)));
    }

    [Fact]
    public void Refuses_an_authorization_that_is_no_signature()
    {
        var authorization = CallbackSignature.Sign("/cb", "body"u8, _key);
        foreach (var other in (string?[])[null, "", "AAAA", authorization + "A", authorization[..^4], " " + authorization[1..], authorization[..^1] + "\n", new string('!', authorization.Length)])
        {
            Assert.False(Verify("/cb", "body"u8, other));
        }

        using var another = RSA.Create(1024);
        Assert.False(CallbackSignature.Verify("/cb", "body"u8, authorization, another));
        using var longer = RSA.Create(2048);
        Assert.False(CallbackSignature.Verify("/cb", "body"u8, authorization, longer));
    }

    [Fact]
    public async Task Verifies_on_many_threads_at_once()
    {
        using var key = CallbackPublicKey.Parse(_key.ExportSubjectPublicKeyInfoPem());
        var authorization = CallbackSignature.Sign("/cb", "body"u8, _key);

        await Parallel.ForEachAsync(Enumerable.Range(0, 500), TestContext.Current.CancellationToken, (i, _) =>
        {
            Assert.Equal(i % 2 == 0, key.Verify(i % 2 == 0 ? "/cb" : "/cc", "body"u8, authorization));
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Reads_a_key_from_PEM_or_bare_base64()
    {
        var authorization = CallbackSignature.Sign("/cb", [], _key);
        foreach (var text in (string[])[_key.ExportSubjectPublicKeyInfoPem(), Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo()) + "\n"])
        {
            using var key = CallbackPublicKey.Parse(text);
            Assert.True(key.Verify("/cb", [], authorization));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("AAAA")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void Refuses_what_is_no_key(string text) => Assert.ThrowsAny<CryptographicException>(() => CallbackPublicKey.Parse(text));

    private bool Verify(string target, ReadOnlySpan<byte> body, string? authorization) => CallbackSignature.Verify(target, body, authorization, _key);
}
