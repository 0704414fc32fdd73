using System.Text;

namespace Oss.Protocol.Tests;

public sealed class OssEncodingTests
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    [Fact]
    public void Keeps_the_unreserved_characters_and_writes_every_other_byte_in_upper_case_hex()
    {
        for (var value = 1; value < 128; value++)
        {
            var character = ((char)value).ToString();
            var expected = Unreserved.Contains(character, StringComparison.Ordinal) ? character : $"%{value:X2}";
            Assert.Equal(expected, OssEncoding.Encode(character));
            Assert.Equal(value == '/' ? "/" : expected, OssEncoding.EncodePath(character));
        }
    }

    [Theory]
    [InlineData("图片/封面.png", "%E5%9B%BE%E7%89%87%2F%E5%B0%81%E9%9D%A2.png")]
    [InlineData("a b+c*d'e(f)!", "a%20b%2Bc%2Ad%27e%28f%29%21")]
    [InlineData("😀", "%F0%9F%98%80")]
    [InlineData("", "")]
    public void Encodes_the_UTF_8_bytes(string text, string encoded) => Assert.Equal(encoded, OssEncoding.Encode(text));

    [Fact]
    public void Decodes_what_it_encoded()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var text = new Arbitrary(seed).Text(50);
            Assert.Equal(text, OssEncoding.Decode(OssEncoding.Encode(text)));
            Assert.Equal(text, OssEncoding.Decode(OssEncoding.EncodePath(text)));
            Assert.Equal(OssEncoding.Encode(text), OssEncoding.EncodePath(text).Replace("/", "%2F", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Writes_text_and_buffers_as_the_library_for_URLs_does()
    {
        foreach (var text in Enumerable.Range(0, 500).Select(seed => new Arbitrary(seed).Text(80)).Append("\ud800").Append("a\udc00/b").Append(new string('中', 700)))
        {
            // RFC 3986 reserves what OSS encodes.
            var expected = Uri.EscapeDataString(text);
            Assert.Equal(expected, OssEncoding.Encode(text));
            Assert.Equal(expected.Replace("%2F", "/", StringComparison.Ordinal), OssEncoding.EncodePath(text));
            Assert.Equal(expected, Buffered(text, keepSlash: false));
            Assert.Equal(expected.Replace("%2F", "/", StringComparison.Ordinal), Buffered(text, keepSlash: true));
        }

        Assert.Equal("%EF%BF%BD", OssEncoding.Encode("\ud800"));
        Assert.Equal("%EF%BF%BD", Buffered("\ud800", keepSlash: false));
    }

    [Theory]
    [InlineData("a+b", "a+b")]
    [InlineData("%2B%2b", "++")]
    [InlineData("%252F", "%2F")]
    [InlineData("%", "%")]
    [InlineData("100%", "100%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%20", "%zz ")]
    [InlineData("%+1", "%+1")]
    [InlineData("%00", "\0")]
    [InlineData("%FF", "\uFFFD")]
    [InlineData("a%E4%B8b", "a\uFFFDb")]
    [InlineData("中%20文", "中 文")]
    public void Decodes_once_and_leaves_what_is_no_escape(string text, string decoded) => Assert.Equal(decoded, OssEncoding.Decode(text));

    [Fact]
    public void Parses_a_query_in_order_with_doubles_and_bare_names() => Assert.Equal(
        [new("a", "1"), new("b", null), new("c", ""), new("a", "2=3"), new("d e", "中")],
        OssEncoding.ParseQuery("a=1&b&c=&&a=2=3&d%20e=%E4%B8%AD"));

    [Fact]
    public void Takes_plus_for_a_space_in_queries_unless_it_is_encoded() => Assert.Equal(
        [new("a b", "c d"), new("e", "+")], OssEncoding.ParseQuery("a+b=c+d&e=%2B"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("YQ")]
    [InlineData("YQ==YQ==")]
    [InlineData("Y Q==")]
    [InlineData("YQ==\n")]
    [InlineData("YQ-_")]
    public void Takes_no_other_base64_than_the_standard_one(string? text) => Assert.False(OssEncoding.TryDecodeBase64(text, out _));

    [Fact]
    public void Reads_base64_of_any_length()
    {
        var arbitrary = new Arbitrary(3);
        for (var length = 1; length < 200; length++)
        {
            var bytes = arbitrary.Bytes(length);
            Assert.True(OssEncoding.TryDecodeBase64(Convert.ToBase64String(bytes), out var read));
            Assert.Equal(bytes, read);
        }
    }

    private static string Buffered(string text, bool keepSlash)
    {
        var buffer = new Utf8Buffer(stackalloc byte[8]);
        buffer.AppendEncoded(text, keepSlash);
        var written = Encoding.ASCII.GetString(buffer.Written);
        buffer.Dispose();
        return written;
    }
}
