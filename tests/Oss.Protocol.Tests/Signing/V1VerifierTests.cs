using Microsoft.Extensions.Time.Testing;

namespace Oss.Protocol.Tests;

/// <summary>What holds of every request signed with V1, and each way in which OSS refuses one.</summary>
public sealed class V1VerifierTests
{
    private const int Rounds = 60;

    private static readonly Dictionary<string, Func<SignedCall, SignedCall>> Altered = new()
    {
        ["method"] = call => call with { Method = "GET" },
        ["bucket"] = call => call with { Bucket = call.Bucket + "0" },
        ["key"] = call => call with { Key = call.Key + "x" },
        ["key of another case"] = call => call with { Key = "K" + call.Key },
        ["sub-resource"] = call => call.WithParameter("response-expires", "valu"),
        ["sub-resource emptied"] = call => call.WithParameter("response-expires", ""),
        ["sub-resource added"] = call => call with { RawQuery = call.RawQuery + "&partNumber=1" },
        ["sub-resource without value added"] = call => call with { RawQuery = call.RawQuery + "&acl" },
        ["sub-resource of a family added"] = call => call with { RawQuery = call.RawQuery + "&wormExtend" },
        ["x-oss parameter added"] = call => call with { RawQuery = call.RawQuery + "&x-oss-traffic-limit=819200" },
        ["sub-resource removed"] = call => call with { RawQuery = call.RawQuery.Replace("response-expires=value", "", StringComparison.Ordinal) },
        ["content-type"] = call => call.WithHeader("Content-Type", "text/html"),
        ["content-type removed"] = call => call.WithHeader("Content-Type", null),
        ["content-md5"] = call => call.WithHeader("Content-MD5", "ICy5YqxZB1uWSwcVLSNLcA=="),
        ["content-md5 removed"] = call => call.WithHeader("Content-MD5", null),
        ["date"] = call => call.IsPresigned
            ? call.WithParameter("Expires", $"{(Some.Time + call.Lifetime).ToUnixTimeSeconds() + 1}")
            : call.WithHeader("Date", Some.Time.AddSeconds(1).ToString("R")),
        ["x-oss-date added"] = call => call.WithHeader("x-oss-date", Some.Time.ToString("R")),
        ["x-oss header"] = call => call.WithHeader("x-oss-meta-fixed", "other"),
        ["x-oss header added"] = call => call.WithHeader("x-oss-object-acl", "public-read"),
        ["x-oss header removed"] = call => call.WithHeader("x-oss-meta-fixed", null),
        ["signature"] = call => call.WithSignature(signature => (signature[0] == 'a' ? 'b' : 'a') + signature[1..]),
        ["signature of another case"] = call => call.WithSignature(signature => signature.ToUpperInvariant() is var upper && upper != signature ? upper : "a" + signature[1..]),
        ["signature cut"] = call => call.WithSignature(signature => signature[..^1]),
    };

    public static TheoryData<string> Alterations => new(Altered.Keys);

    [Fact]
    public void Accepts_what_was_signed_and_leaves_alone_what_was_not()
    {
        for (var seed = 0; seed < Rounds * 5; seed++)
        {
            var call = SignedCall.MakeV1(seed);
            AssertValid(call);
            AssertValid(call.WithHeader("User-Agent", "any").WithHeader("Host", "other").WithHeader("Content-Length", "7").WithParameter("prefix", "other"));
            AssertValid(call with { RawQuery = call.RawQuery + "&encoding-type=url&Acl" });
        }
    }

    [Theory]
    [MemberData(nameof(Alterations))]
    public void Refuses_a_request_of_which_a_signed_piece_was_altered(string what)
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var call = SignedCall.MakeV1(seed);
            var altered = Altered[what](call);
            Assert.NotEqual(call, altered);
            AssertRefused(altered, OssErrorCode.SignatureDoesNotMatch, "0002-00000040");
        }
    }

    [Fact]
    public void Refuses_another_secret_an_unknown_key_and_another_token()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var call = SignedCall.MakeV1(seed);
            AssertRefused(call with { Known = call.Known with { Secret = call.Known.Secret + "x" } }, OssErrorCode.SignatureDoesNotMatch, "0002-00000040");
            AssertRefused(call with { Known = call.Known with { Id = "LTAIother" } }, OssErrorCode.InvalidAccessKeyId, "0002-00000902");
            AssertRefused(call with { Known = call.Known with { SecurityToken = "other" } }, OssErrorCode.InvalidSecurityToken, null);
        }
    }

    [Theory]
    [InlineData("acl", "/b/k?acl")]
    [InlineData("acl=", "/b/k?acl")]
    [InlineData("uploadId=2&partNumber=1", "/b/k?partNumber=1&uploadId=2")]
    [InlineData("callback-var=%7B%7D&callback=a%2Bb+c", "/b/k?callback=a+b c&callback-var={}")]
    [InlineData("encoding-type=url&max-parts=5&part-number-marker=2&delimiter=/&list-type=2", "/b/k")]
    [InlineData("wormId=1&replicationLocation&x-oss-process=image/resize,w_9", "/b/k?replicationLocation&wormId=1&x-oss-process=image/resize,w_9")]
    [InlineData("ACL&Uploads&X-oss-process=a&acls&uploadIds=1", "/b/k")]
    public void Signs_sub_resources_and_no_other_parameter(string rawQuery, string resource)
    {
        var request = new OssRequest("GET", "b", "k") { Query = [.. OssEncoding.ParseQuery(rawQuery)] };
        Assert.Equal("GET\n\n\n\n" + resource, V1Signature.StringToSign(request));
    }

    [Theory]
    [InlineData(null, null, "/")]
    [InlineData("b", null, "/b/")]
    [InlineData("b", "a/../b//c ", "/b/a/../b//c ")]
    [InlineData("b", "中文 +%2B😀", "/b/中文 +%2B😀")]
    public void Signs_bucket_and_key_as_they_are(string? bucket, string? key, string resource) =>
        Assert.Equal("GET\n\n\n\n" + resource, V1Signature.StringToSign(new OssRequest("GET", bucket, key)));

    [Fact]
    public void Signs_x_oss_headers_in_lower_case_and_in_order()
    {
        var request = new OssRequest("PUT", "b", "k");
        request.Headers["X-OSS-Meta-B"] = " two ";
        request.Headers["x-oss-meta-a"] = "one";
        request.Headers["x-oss-meta-a-b"] = "";
        request.Headers["x-ossmeta"] = "not signed";
        request.Headers["date"] = "then";
        request.Headers["content-type"] = " text/plain ";
        Assert.Equal("PUT\n\ntext/plain\nthen\nx-oss-meta-a:one\nx-oss-meta-a-b:\nx-oss-meta-b:two\n/b/k", V1Signature.StringToSign(request));
    }

    [Theory]
    [InlineData("GET\n\n\nThu, 02 Jan 2025 03:04:05 GMT\n/examplebucket/key?callback-var=b&callback=a", "callback=a&callback-var=b")]
    [InlineData("GET\n\n\nThu, 02 Jan 2025 03:04:05 GMT\n/examplebucket/key?callback=a&callback-var=b", "callback-var=b&callback=a")]
    [InlineData("GET\n\n\nThu, 02 Jan 2025 03:04:05 GMT\n/examplebucket/key?acl=&uploads", "uploads&acl=")]
    [InlineData("GET\n\n\nThu, 02 Jan 2025 03:04:05 GMT\n/examplebucket/key?acl&uploads", "uploads&acl=")]
    public void Accepts_sub_resources_as_any_SDK_writes_them(string text, string rawQuery) =>
        AssertValid(ByHeader() with { RawQuery = rawQuery }, text);

    [Theory]
    [InlineData("GET\n\n\nThu, 02 Jan 2025 03:04:05 GMT\n/examplebucket/key?callback=a", "callback=a&callback-var=b")]
    [InlineData("GET\n\n\nThu, 02 Jan 2025 03:04:05 GMT\n/examplebucket/key?acl=&uploads", "uploads&acl")]
    [InlineData("GET\n\n\nThu, 02 Jan 2025 03:04:05 GMT\n/examplebucket/key?cors&encoding-type=url", "cors&encoding-type=url")]
    public void Refuses_what_no_SDK_signs_for_these_parameters(string text, string rawQuery)
    {
        var call = ByHeader() with { RawQuery = rawQuery };
        AssertRefused(call.WithSignature(_ => V1Signature.Sign(call.Known.Secret, text)), OssErrorCode.SignatureDoesNotMatch, "0002-00000040");
    }

    [Fact]
    public void Accepts_a_token_in_each_place_that_SDKs_put_it_into()
    {
        var plain = new OssRequest("GET", Some.Bucket, "key");
        var unsigned = SignedCall.SignV1(plain, Some.TemporaryKey with { SecurityToken = null }) with { Known = Some.TemporaryKey };
        AssertValid(SignedCall.SignV1(new OssRequest("GET", Some.Bucket, "key"), Some.TemporaryKey));
        AssertValid(unsigned.WithHeader("security-token", Some.TemporaryKey.SecurityToken));
        AssertValid(SignedCall.PresignV1(new OssRequest("GET", Some.Bucket, "key"), Some.TemporaryKey, TimeSpan.FromHours(1)));

        AssertRefused(unsigned, OssErrorCode.InvalidSecurityToken, null);
        AssertRefused(unsigned.WithHeader("security-token", "other"), OssErrorCode.InvalidSecurityToken, null);
        AssertRefused(unsigned.WithHeader("x-oss-security-token", Some.TemporaryKey.SecurityToken), OssErrorCode.SignatureDoesNotMatch, "0002-00000040");
        AssertRefused(unsigned with { RawQuery = "security-token=" + Some.TemporaryKey.SecurityToken }, OssErrorCode.SignatureDoesNotMatch, "0002-00000040");
        AssertRefused(ByHeader().WithHeader("security-token", "any"), OssErrorCode.InvalidSecurityToken, null);
    }

    [Fact]
    public void Refuses_a_header_more_than_15_minutes_from_its_time_and_tells_both_times()
    {
        var call = ByHeader();
        AssertValid(call with { Now = Some.Time.AddMinutes(-15) });
        AssertValid(call with { Now = Some.Time.AddMinutes(15) });
        AssertRefused(call with { Now = Some.Time.AddMinutes(-15).AddSeconds(-1) }, OssErrorCode.RequestTimeTooSkewed, null);
        var error = AssertRefused(call with { Now = Some.Time.AddMinutes(15).AddSeconds(1) }, OssErrorCode.RequestTimeTooSkewed, null);
        Assert.Equal(
            [new("MaxAllowedSkewMilliseconds", "900000"), new("RequestTime", "2025-01-02T03:04:05.000Z"), new("ServerTime", "2025-01-02T03:19:06.000Z")], error.Details);
    }

    [Fact]
    public void Takes_the_time_of_x_oss_date_where_it_is_sent()
    {
        var request = new OssRequest("GET", Some.Bucket, "key");
        request.Headers["x-oss-date"] = Some.Time.AddMinutes(20).ToString("R");
        var call = SignedCall.SignV1(request, Some.Key);

        AssertRefused(call, OssErrorCode.RequestTimeTooSkewed, null);
        AssertValid(call with { Now = Some.Time.AddMinutes(20) });
        AssertValid((call with { Now = Some.Time.AddMinutes(20) }).WithHeader("Date", null));
        AssertRefused(call.WithHeader("x-oss-date", "20250102T030405Z"), OssErrorCode.AccessDenied, null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2025-01-02T03:04:05Z")]
    [InlineData("20250102T030405Z")]
    public void Refuses_a_header_without_a_date(string? date)
    {
        var error = AssertRefused(ByHeader().WithHeader("Date", date), OssErrorCode.AccessDenied, null);
        Assert.Equal("OSS authentication requires a valid Date.", error.Message);
    }

    [Theory]
    [InlineData("OSS", "0002-00000061")]
    [InlineData("oss id:sig", "0002-00000061")]
    [InlineData("OSSxxx id:sig", "0002-00000061")]
    [InlineData("AWS id:sig", "0002-00000061")]
    [InlineData("Bearer token", "0002-00000061")]
    [InlineData("OSS4-HMAC-SHA256x Credential=id", "0002-00000061")]
    [InlineData("OSS idsig", "0002-00000062")]
    [InlineData("OSS ", "0002-00000062")]
    [InlineData("OSS :sig", "0002-00000063")]
    [InlineData("OSS  :sig", "0002-00000063")]
    [InlineData("OSS id:", "0002-00000065")]
    public void Refuses_a_malformed_authorization(string authorization, string ec)
    {
        var error = AssertRefused(ByHeader().WithHeader("Authorization", authorization), OssErrorCode.InvalidArgument, ec);
        Assert.Contains(new("ArgumentName", "Authorization"), error.Details);
    }

    [Fact]
    public void Refuses_signatures_in_the_header_and_in_the_URL_at_the_same_time() =>
        AssertRefused(ByHeader() with { RawQuery = Presigned().RawQuery }, OssErrorCode.InvalidArgument, null);

    [Theory]
    [InlineData("Expires=1735790645&Signature=x", "OSSAccessKeyId", "0002-00000071")]
    [InlineData("OSSAccessKeyId=&Expires=1735790645&Signature=x", "OSSAccessKeyId", null)]
    [InlineData("Expires=1735790645", "OSSAccessKeyId", "0002-00000071")]
    [InlineData("Signature=x", "OSSAccessKeyId", "0002-00000071")]
    [InlineData("OSSAccessKeyId=id", "Expires", "0002-00000067")]
    [InlineData("OSSAccessKeyId=id&Signature=x", "Expires", "0002-00000067")]
    [InlineData("OSSAccessKeyId=id&Expires=&Signature=x", "Expires", "0002-00000068")]
    [InlineData("OSSAccessKeyId=id&Expires&Signature=x", "Expires", "0002-00000068")]
    [InlineData("OSSAccessKeyId=id&Expires=abc&Signature=x", "Expires", "0002-00000070")]
    [InlineData("OSSAccessKeyId=id&Expires=-1&Signature=x", "Expires", "0002-00000070")]
    [InlineData("OSSAccessKeyId=id&Expires=1735790645.5&Signature=x", "Expires", "0002-00000070")]
    [InlineData("OSSAccessKeyId=id&Expires=99999999999999999999&Signature=x", "Expires", "0002-00000070")]
    [InlineData("OSSAccessKeyId=id&Expires=1735790645", "Signature", "0002-00000074")]
    [InlineData("OSSAccessKeyId=id&Expires=1735790645&Signature=", "Signature", null)]
    public void Refuses_a_URL_that_lacks_a_parameter_and_names_it(string rawQuery, string name, string? ec)
    {
        var error = AssertRefused(Presigned() with { RawQuery = rawQuery }, OssErrorCode.InvalidArgument, ec);
        Assert.Contains(new("ArgumentName", name), error.Details);
        Assert.Equal(ec, error.Ec);
    }

    [Fact]
    public void Refuses_a_URL_from_the_second_it_expires_before_it_looks_at_the_signature()
    {
        var call = Presigned();
        AssertValid(call with { Now = Some.Time.AddHours(1) - TimeSpan.FromTicks(1) });
        AssertValid(call with { Now = Some.Time.AddYears(-1) });
        var late = call.WithSignature(_ => "other") with { Now = Some.Time.AddHours(1) };
        var error = AssertRefused(late, OssErrorCode.AccessDenied, "0002-00000069");
        Assert.Equal("Request has expired.", error.Message);
        Assert.Equal([new("Expires", "2025-01-02T04:04:05.000Z"), new("ServerTime", "2025-01-02T04:04:05.000Z")], error.Details);
    }

    [Theory]
    [InlineData("0", "AccessDenied")]
    [InlineData("9223372036854775807", "SignatureDoesNotMatch")]
    public void Judges_expiries_at_the_ends_of_the_calendar(string expires, string code) =>
        Assert.Equal(code, Presigned().WithParameter("Expires", expires).Verify().Error?.Code);

    [Fact]
    public void Tells_what_it_would_have_signed()
    {
        var error = (ByHeader() with { Key = "né" }).Verify().Error!;

        Assert.Equal(["OSSAccessKeyId", "SignatureProvided", "StringToSign", "StringToSignBytes"], error.Details.Select(detail => detail.Key));
        Assert.Equal(Some.Key.Id, error.Details[0].Value);
        Assert.Equal("GET\n\n\nThu, 02 Jan 2025 03:04:05 GMT\n/examplebucket/né", error.Details[2].Value);
        Assert.StartsWith("47 45 54 0A 0A 0A 54 68 75", error.Details[3].Value, StringComparison.Ordinal);
        Assert.EndsWith("2F 6E C3 A9", error.Details[3].Value, StringComparison.Ordinal);
        Assert.DoesNotContain(Some.Key.Secret, error.ToXml("id", "host"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("", "")]
    [InlineData("prefix=a&expires=1&signature=x", null)]
    [InlineData("OSSAccessKeyId=id&Expires=1&Signature=x", "OSS4-HMAC-SHA256 Credential=id")]
    [InlineData("x-oss-signature-version=OSS4-HMAC-SHA256&Expires=1", null)]
    public void Takes_what_is_not_V1_for_unsigned(string rawQuery, string? authorization)
    {
        KeyValuePair<string, string>[] headers = authorization is null ? [] : [new("authorization", authorization)];
        Assert.False(V1Verifier.IsSigned(headers, rawQuery));
        Assert.Same(SignatureVerification.Anonymous, Some.V1Verifier(Some.Key).Verify("GET", Some.Bucket, "key", rawQuery, headers));
    }

    [Fact]
    public void Sees_a_signature_in_headers_and_in_the_query()
    {
        Assert.True(V1Verifier.IsSigned(ByHeader().Headers, ""));
        Assert.True(V1Verifier.IsSigned([], Presigned().RawQuery));
    }

    [Fact]
    public void Asks_for_the_key_with_the_token_and_passes_its_refusal_on()
    {
        var asked = new List<(string, string?)>();
        var expired = new OssError(OssErrorCode.SecurityTokenExpired, "expired");
        var verifier = new V1Verifier(
            (id, token) =>
            {
                asked.Add((id, token));
                return token is null ? default : KeyLookup.Refused(expired);
            },
            new FakeTimeProvider(Some.Time));
        var temporary = SignedCall.SignV1(new OssRequest("GET", Some.Bucket, "key"), Some.TemporaryKey);
        var permanent = Presigned();

        Assert.Same(expired, verifier.Verify("GET", Some.Bucket, "key", "", [.. temporary.Headers]).Error);
        Assert.Equal("InvalidAccessKeyId", verifier.Verify("GET", Some.Bucket, "key", permanent.RawQuery, [.. permanent.Headers]).Error?.Code);
        Assert.Equal([(Some.TemporaryKey.Id, Some.TemporaryKey.SecurityToken), (Some.Key.Id, null)], asked);
    }

    private static SignedCall Presigned() => SignedCall.PresignV1(new OssRequest("GET", Some.Bucket, "key"), Some.Key, TimeSpan.FromHours(1));

    private static SignedCall ByHeader() => SignedCall.SignV1(new OssRequest("GET", Some.Bucket, "key"), Some.Key);

    private static void AssertValid(SignedCall call, string text) => AssertValid(call.WithSignature(_ => V1Signature.Sign(call.Known.Secret, text)));

    private static void AssertValid(SignedCall call)
    {
        var verification = call.Verify();
        Assert.True(verification.IsValid, verification.Error?.ToString() ?? "taken for unsigned");
        Assert.Equal(call.Known, verification.Signer);
        Assert.Equal(call.IsPresigned ? SignatureScheme.V1Query : SignatureScheme.V1Header, verification.Scheme);
    }

    private static OssError AssertRefused(SignedCall call, OssErrorCode code, string? ec)
    {
        var verification = call.Verify();
        Assert.False(verification.IsValid);
        Assert.Equal((code.Code, code.HttpStatus, ec), (verification.Error?.Code, verification.Error?.HttpStatus, verification.Error?.Ec));
        Assert.Equal(call.IsPresigned ? SignatureScheme.V1Query : SignatureScheme.V1Header, verification.Scheme);
        return verification.Error!;
    }
}
