namespace Oss.Protocol.Tests;

public sealed class OssErrorTests
{
    [Fact]
    public void Reads_what_it_writes()
    {
        var error = new OssError(OssErrorCode.SignatureDoesNotMatch, "It does <not> match & \"so\" on.", "0002-00000040")
        {
            RequestId = "5C3D8D2A0ACA54D87B43C048",
            Details = [new("StringToSign", "OSS4-HMAC-SHA256\n20250102T030405Z\n"), new("ArgumentValue", "中文 😀")],
        };

        var read = OssError.Parse(error.ToXml(error.RequestId, "bucket.oss-cn-hangzhou.aliyuncs.com"), 403, "another id");

        Assert.Equal(error.Details, read.Details);
        Assert.Equal(error with { Details = [] }, read with { Details = [] });
    }

    [Fact]
    public void Writes_the_elements_in_the_order_of_OSS() => Assert.Equal(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Error>
          <Code>NoSuchKey</Code>
          <Message>The specified key does not exist.</Message>
          <RequestId>5C3D8D2A0ACA54D87B43C048</RequestId>
          <HostId>host</HostId>
          <Key>a&amp;b</Key>
          <EC>0026-00000001</EC>
        </Error>
        """,
        new OssError(OssErrorCode.NoSuchKey, "The specified key does not exist.", "0026-00000001") { Details = [new("Key", "a&b")] }
            .ToXml("5C3D8D2A0ACA54D87B43C048", "host"));

    [Theory]
    [InlineData("a\u0000b\u001f", "a?b?")]
    [InlineData("\ufffe\uffff", "??")]
    [InlineData("pair 😀", "pair 😀")]
    [InlineData("\u0001😀", "?😀")]
    public void Writes_a_question_mark_for_what_XML_cannot_carry(string text, string expected)
    {
        var xml = new OssError(OssErrorCode.InvalidArgument, text) { Details = [new("ArgumentValue", text)] }.ToXml("id", "host");
        var read = OssError.Parse(xml, 400, null);
        Assert.Equal(expected, read.Message);
        Assert.Equal(expected, read.Details.Single().Value);
    }

    // Attributes cannot hold such text.
    [Fact]
    public void Writes_a_replacement_for_half_a_surrogate_pair() => Assert.Equal(
        "lone \ufffd and \ufffd.", OssError.Parse(new OssError(OssErrorCode.InvalidArgument, "lone \ud800 and \udc00.").ToXml("id", "host"), 400, null).Message);

    [Fact]
    public void Writes_any_text()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var text = new Arbitrary(seed).Text(40).Replace('\r', ' ');
            var read = OssError.Parse(new OssError(OssErrorCode.InvalidArgument, text).ToXml("id", "host"), 400, null);
            Assert.Equal(string.Concat(text.Select(c => c is < ' ' and not ('\t' or '\n') or '\ufffe' or '\uffff' ? '?' : c)), read.Message);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("Service Unavailable")]
    [InlineData("<html><body>502</body></html>")]
    [InlineData("<Error><Message>no code</Message></Error>")]
    [InlineData("<Error><Code></Code></Error>")]
    [InlineData("<Error><Code>NoSuchKey</Code>")]
    [InlineData("<!DOCTYPE Error [<!ENTITY a \"NoSuchKey\">]><Error><Code>&a;</Code></Error>")]
    [InlineData("<!DOCTYPE Error SYSTEM \"http://127.0.0.1:1/x.dtd\"><Error><Code>NoSuchKey</Code></Error>")]
    [InlineData("<Error><Code>&#0;</Code></Error>")]
    public void Takes_what_is_no_error_of_OSS_by_its_status(string? xml)
    {
        var error = OssError.Parse(xml, 502, "id");
        Assert.Equal(("Http502", 502, "id"), (error.Code, error.HttpStatus, error.RequestId));
    }

    [Fact]
    public void Does_not_read_more_than_16_million_characters() =>
        Assert.Equal("Http500", OssError.Parse($"<Error><Code>InternalError</Code><Message>{new string('x', 17 * 1024 * 1024)}</Message></Error>", 500, null).Code);

    [Fact]
    public void Does_not_read_elements_nested_out_of_all_proportion()
    {
        const int depth = 200_000;
        var xml = $"<Error><Code>InternalError</Code>{string.Concat(Enumerable.Repeat("<a>", depth))}{string.Concat(Enumerable.Repeat("</a>", depth))}</Error>";
        Assert.Equal("Http500", OssError.Parse(xml, 500, null).Code);
    }

    [Fact]
    public void Text_has_code_and_request_id_and_none_of_the_details()
    {
        var error = new OssError(OssErrorCode.SignatureDoesNotMatch, "No match.", "0002-00000040") { RequestId = "id", Details = [new("StringToSign", "secret policy")] };
        Assert.Equal("SignatureDoesNotMatch (HTTP 403, EC 0002-00000040): No match. [request id]", error.ToString());
        Assert.Equal(error.ToString(), new OssException(error).Message);
    }
}
