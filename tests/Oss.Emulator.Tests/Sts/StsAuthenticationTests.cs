using System.Net;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Sts;

public sealed class StsAuthenticationTests
{
    private static readonly AccessKey Nobody = new("LTAInobody", "x");
    private static readonly AccessKey WrongSecret = TestSts.User with { Secret = "wrong" };

    [Theory]
    [InlineData("AccessKeyId", null, "MissingAccessKeyId")]
    [InlineData("SignatureMethod", null, "MissingSignatureMethod")]
    [InlineData("SignatureMethod", "HMAC-SHA256", "InvalidSignatureMethod")]
    [InlineData("SignatureVersion", null, "MissingSignatureVersion")]
    [InlineData("SignatureVersion", "2.0", "InvalidSignatureVersion")]
    [InlineData("SignatureNonce", null, "MissingSignatureNonce")]
    [InlineData("Timestamp", null, "MissingTimestamp")]
    [InlineData("Timestamp", "2025-06-01 12:00:00", "InvalidTimeStamp.Format")]
    [InlineData("Timestamp", "2025-06-01T12:00:00+00:00", "InvalidTimeStamp.Format")]
    [InlineData("Timestamp", "2025-06-01T11:44:59Z", "InvalidTimeStamp.Expired")]
    [InlineData("Timestamp", "2025-06-01T12:15:01Z", "InvalidTimeStamp.Expired")]
    [InlineData("Format", "YAML", "InvalidParameter.Format")]
    public async Task Refuses_signed_parameters_that_cannot_be(string name, string? value, string code)
    {
        await using var sts = await TestSts.StartAsync();
        // Without a Format that it understands the reply is XML, unless Accept asks for JSON.
        var signed = sts.Signed(TestSts.AssumeRole(), TestSts.User, "POST", (name, value));
        var answer = await sts.SendAsync("POST", "", TestSts.Encoded(signed), []);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(name == "Format" ? $"<Code>{code}</Code>" : $"\"Code\":\"{code}\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-06-01T11:45:00Z")]
    [InlineData("2025-06-01T12:15:00Z")]
    [InlineData("2025-06-01T12:00:00.123Z")]
    public async Task Takes_times_a_quarter_of_an_hour_off(string timestamp)
    {
        await using var sts = await TestSts.StartAsync();
        Assert.True((await sts.RpcAsync(TestSts.AssumeRole(), common: ("Timestamp", timestamp))).Key.IsTemporary);
    }

    [Fact]
    public async Task Refuses_a_key_it_does_not_know()
    {
        await using var sts = await TestSts.StartAsync();

        foreach (var key in (AccessKey[])[Nobody, new("STS.NTAAAAAAAAAAAAAAAAAAAAAAAA", "x", "CAIS")])
        {
            foreach (var answer in (StsAnswer[])[await sts.RpcAsync(TestSts.AssumeRole(), key), await sts.Acs3Async(TestSts.AssumeRole(), key)])
            {
                Assert.Equal((HttpStatusCode.NotFound, "InvalidAccessKeyId.NotFound"), (answer.Status, answer.Code));
            }
        }
    }

    [Fact]
    public async Task Refuses_a_request_without_a_key()
    {
        await using var sts = await TestSts.StartAsync();

        Assert.Equal("MissingAccessKeyId", (await sts.RpcAsync(TestSts.AssumeRole(), Nobody with { Id = "" })).Code);
        Assert.Equal("IncompleteSignature", (await sts.Acs3Async(TestSts.AssumeRole(), Nobody with { Id = "" })).Code);
    }

    [Fact]
    public async Task Refuses_a_wrong_signature_and_says_what_it_should_have_been_made_of()
    {
        await using var sts = await TestSts.StartAsync();

        var rpc = await sts.RpcAsync(TestSts.AssumeRole(), WrongSecret);
        Assert.Equal((HttpStatusCode.BadRequest, "SignatureDoesNotMatch"), (rpc.Status, rpc.Code));
        Assert.StartsWith(
            "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3DLTAIstsTests00000001%26Action%3DAssumeRole%26", rpc.Message, StringComparison.Ordinal);

        var header = await sts.Acs3Async(TestSts.AssumeRole(), WrongSecret);
        Assert.Equal((HttpStatusCode.BadRequest, "SignatureDoesNotMatch"), (header.Status, header.Code));
        Assert.StartsWith("Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n", header.Message, StringComparison.Ordinal);
        Assert.Contains("server CanonicalRequest is [POST\n/\nRoleArn=acs%3Aram%3A%3A1234567890123456%3Arole%2Fuploader&RoleSessionName=alice\n", header.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RoleSessionName", "mallory")]
    [InlineData("DurationSeconds", "43200")]
    [InlineData("SecurityToken", "x")]
    public async Task Refuses_parameters_that_were_changed_after_signing(string name, string value)
    {
        await using var sts = await TestSts.StartAsync();
        var signed = sts.Signed(TestSts.AssumeRole(), TestSts.User, "POST");
        signed[name] = value;

        var answer = await sts.SendAsync("POST", "", TestSts.Encoded(signed), []);

        Assert.Equal(name == "SecurityToken" ? "InvalidSecurityToken.Malformed" : "SignatureDoesNotMatch", answer.Code);
    }

    [Fact]
    public async Task Refuses_a_method_other_than_the_signed_one()
    {
        await using var sts = await TestSts.StartAsync();
        var signed = TestSts.Encoded(sts.Signed(TestSts.AssumeRole(), TestSts.User, "POST"));
        Assert.Equal("SignatureDoesNotMatch", (await sts.SendAsync("GET", signed, null, [])).Code);
        Assert.Equal("InvalidAction.NotFound", (await sts.SendAsync("PUT", signed, null, [])).Code);
    }

    [Fact]
    public async Task Takes_parameters_from_query_and_form_together_but_none_from_both()
    {
        await using var sts = await TestSts.StartAsync();
        KeyValuePair<string, string>[] signed = [.. sts.Signed(TestSts.AssumeRole(("RoleSessionName", "a@b")), TestSts.User, "POST")];

        Assert.True((await sts.SendAsync("POST", TestSts.Encoded(signed[..4]), TestSts.Encoded(signed[4..]), [])).Key.IsTemporary);
        var twice = await sts.SendAsync("POST", "Action=AssumeRole", TestSts.Encoded(signed), []);
        Assert.Equal((HttpStatusCode.BadRequest, "InvalidParameter"), (twice.Status, twice.Code));
    }

    [Theory]
    [InlineData("x-acs-date", null, "MissingTimestamp")]
    [InlineData("x-acs-date", "20250601T120000Z", "InvalidTimeStamp.Format")]
    [InlineData("x-acs-date", "2025-06-01T11:44:59Z", "InvalidTimeStamp.Expired")]
    [InlineData("x-acs-signature-nonce", null, "MissingSignatureNonce")]
    [InlineData("x-acs-content-sha256", null, "MissingAccessKeyId")]
    [InlineData("x-acs-content-sha256", "UNSIGNED-PAYLOAD", "SignatureDoesNotMatch")]
    [InlineData("x-acs-action", null, "MissingAction")]
    [InlineData("x-acs-version", "2014-05-26", "InvalidVersion")]
    public async Task Refuses_signed_headers_that_cannot_be(string name, string? value, string code)
    {
        await using var sts = await TestSts.StartAsync();
        Assert.Equal(code, (await sts.Acs3Async(TestSts.AssumeRole(), before: [(name, value)])).Code);
    }

    [Theory]
    [InlineData("x-acs-signature-nonce", "another")]
    [InlineData("x-acs-date", "2025-06-01T12:00:01Z")]
    [InlineData("x-acs-security-token", "x")]
    [InlineData("x-acs-region-id", "cn-hangzhou")]
    [InlineData("host", "sts.aliyuncs.com")]
    public async Task Refuses_headers_that_were_changed_or_added_after_signing(string name, string value)
    {
        await using var sts = await TestSts.StartAsync();
        var answer = await sts.Acs3Async(TestSts.AssumeRole(), after: [(name, value)]);
        Assert.Equal(name == "x-acs-security-token" ? "InvalidSecurityToken.Malformed" : "SignatureDoesNotMatch", answer.Code);
    }

    [Theory]
    [InlineData("ACS3-HMAC-SHA256 Credential=LTAIstsTests00000001,Signature=00")]
    [InlineData("ACS3-HMAC-SHA256")]
    public async Task Refuses_an_Authorization_header_it_cannot_read(string header)
    {
        await using var sts = await TestSts.StartAsync();
        var answer = await sts.Acs3Async(TestSts.AssumeRole(), after: [("Authorization", header)]);
        Assert.Equal((HttpStatusCode.BadRequest, "IncompleteSignature"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Refuses_a_signature_without_the_hash_of_the_body()
    {
        await using var sts = await TestSts.StartAsync();
        Assert.Equal("IncompleteSignature", (await sts.Acs3Async(TestSts.AssumeRole(), after: [("x-acs-content-sha256", null)])).Code);
    }

    [Fact]
    public async Task Refuses_a_signature_that_leaves_out_what_must_be_signed()
    {
        await using var sts = await TestSts.StartAsync();
        Dictionary<string, string> headers = new()
        {
            ["host"] = sts.Host, ["x-acs-action"] = "AssumeRole", ["x-acs-version"] = "2015-04-01", ["x-acs-date"] = sts.Now,
            ["x-acs-content-sha256"] = Acs3Signature.ContentHash([]), ["accept"] = "application/json",
        };
        KeyValuePair<string, string?>[] query = [new("RoleArn", TestSts.Role), new("RoleSessionName", "alice")];
        headers["Authorization"] = Acs3Signature.Authorization(TestSts.User, "POST", "/", query, headers);
        headers["x-acs-signature-nonce"] = "1";

        var answer = await sts.SendAsync("POST", TestSts.Encoded(query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))), null, headers);

        Assert.Equal("SignatureDoesNotMatch", answer.Code);
    }

    [Fact]
    public async Task Refuses_a_body_that_is_not_the_one_whose_hash_was_signed()
    {
        await using var sts = await TestSts.StartAsync();
        var query = TestSts.AssumeRole(("RoleSessionName", null));
        var hashOfAnother = Acs3Signature.ContentHash("RoleSessionName=alice"u8);

        Assert.True((await sts.Acs3Async(query, form: "RoleSessionName=alice")).Key.IsTemporary);
        Assert.Equal("SignatureDoesNotMatch", (await sts.Acs3Async(query, form: "RoleSessionName=mallory", before: [("x-acs-content-sha256", hashOfAnother)])).Code);
    }

    [Fact]
    public async Task Refuses_a_nonce_that_was_used_until_its_time_has_passed()
    {
        await using var sts = await TestSts.StartAsync();
        (string, string?) nonce = ("SignatureNonce", "once"), header = ("x-acs-signature-nonce", "once");

        Assert.True((await sts.RpcAsync(TestSts.AssumeRole(), common: nonce)).Key.IsTemporary);
        var again = await sts.RpcAsync(TestSts.AssumeRole(), common: nonce);
        Assert.Equal((HttpStatusCode.BadRequest, "SignatureNonceUsed"), (again.Status, again.Code));
        Assert.Equal("SignatureNonceUsed", (await sts.Acs3Async(TestSts.AssumeRole(), before: [header])).Code);
        Assert.True((await sts.RpcAsync(TestSts.AssumeRole(), TestSts.Other, common: nonce)).Key.IsTemporary);

        sts.Clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal("SignatureNonceUsed", (await sts.RpcAsync(TestSts.AssumeRole(), common: nonce)).Code);
        sts.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await sts.RpcAsync(TestSts.AssumeRole(), common: nonce)).Key.IsTemporary);
    }

    [Fact]
    public async Task A_refused_signature_uses_no_nonce()
    {
        await using var sts = await TestSts.StartAsync();

        Assert.Equal("SignatureDoesNotMatch", (await sts.RpcAsync(TestSts.AssumeRole(), WrongSecret, common: ("SignatureNonce", "once"))).Code);
        Assert.True((await sts.RpcAsync(TestSts.AssumeRole(), common: ("SignatureNonce", "once"))).Key.IsTemporary);
    }

    [Theory]
    [InlineData("application/json", "NotImplemented", 501)]
    [InlineData("text/plain", "InvalidParameter.ContentType", 400)]
    public async Task Refuses_a_body_that_is_no_form(string contentType, string code, int status)
    {
        await using var sts = await TestSts.StartAsync();
        var answer = await sts.SendAsync("POST", "Format=JSON", "{}", [new("content-type", contentType)]);
        Assert.Equal((code, status), (answer.Code, (int)answer.Status));
    }

    [Fact]
    public async Task Reads_no_more_than_a_bounded_body()
    {
        await using var sts = await TestSts.StartAsync();
        var answer = await sts.SendAsync("POST", "Format=JSON", new StringBuilder().Append("a=").Append('b', 300_000).ToString(), []);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }
}
