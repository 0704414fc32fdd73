namespace Oss.Protocol.Tests;

/// <summary>What holds of every signed request: it verifies as it is, and not when anything that is signed has changed.</summary>
public sealed class V4VerifierTests
{
    private const int Rounds = 60;

    public static TheoryData<string> Alterations => new(Altered.Keys);

    private static readonly Dictionary<string, Func<SignedCall, SignedCall>> Altered = new()
    {
        ["method"] = call => call with { Method = call.Method == "PUT" ? "POST" : "PUT" },
        ["bucket"] = call => call with { Bucket = call.Bucket + "0" },
        ["key"] = call => call with { Key = call.Key + "x" },
        ["key of another case"] = call => call with { Key = "K" + call.Key, },
        ["query value"] = call => call with { RawQuery = call.RawQuery.Replace("fixed=value", "fixed=valu", StringComparison.Ordinal) },
        ["query value emptied"] = call => call with { RawQuery = call.RawQuery.Replace("fixed=value", "fixed=", StringComparison.Ordinal) },
        ["query parameter added"] = call => call with { RawQuery = call.RawQuery + "&added=1" },
        ["query parameter without value added"] = call => call with { RawQuery = call.RawQuery + "&acl" },
        ["query parameter removed"] = call => call with { RawQuery = call.RawQuery.Replace("fixed=value", "", StringComparison.Ordinal) },
        ["content-type"] = call => call.WithHeader("Content-Type", "text/html"),
        ["content-type removed"] = call => call.WithHeader("Content-Type", null),
        ["content-md5 added"] = call => call.WithHeader("Content-MD5", "ICy5YqxZB1uWSwcVLSNLcA=="),
        ["x-oss header"] = call => call.WithHeader("x-oss-meta-fixed", "other"),
        ["x-oss header added"] = call => call.WithHeader("x-oss-object-acl", "public-read"),
        ["x-oss header removed"] = call => call.WithHeader("x-oss-meta-fixed", null),
        ["additional header"] = call => call.WithHeader("Content-Length", "4"),
        ["additional header removed"] = call => call.WithHeader("Content-Length", null),
        ["signature"] = call => call.WithSignature(signature => (signature[0] == 'a' ? 'b' : 'a') + signature[1..]),
        ["signature in upper case"] = call => call.WithSignature(signature => signature.ToUpperInvariant() is var upper && upper != signature ? upper : "A" + signature[1..]),
        ["signature cut"] = call => call.WithSignature(signature => signature[..^1]),
    };

    [Fact]
    public void Accepts_what_was_signed_and_leaves_unsigned_headers_alone()
    {
        for (var seed = 0; seed < Rounds * 5; seed++)
        {
            var call = SignedCall.Make(seed);
            AssertValid(call);
            AssertValid(call.WithHeader("User-Agent", "any").WithHeader("Cache-Control", "no-store"));
        }
    }

    [Theory]
    [MemberData(nameof(Alterations))]
    public void Refuses_a_request_of_which_a_signed_piece_was_altered(string what)
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var call = SignedCall.Make(seed);
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
            var call = SignedCall.Make(seed);
            AssertRefused(call with { Known = call.Known with { Secret = call.Known.Secret + "x" } }, OssErrorCode.SignatureDoesNotMatch, "0002-00000040");
            AssertRefused(call with { Known = call.Known with { Id = "LTAIother" } }, OssErrorCode.InvalidAccessKeyId, "0002-00000902");
            AssertRefused(call with { Known = call.Known with { SecurityToken = "other" } }, OssErrorCode.InvalidSecurityToken, null);
        }
    }

    [Fact]
    public void Refuses_a_credential_of_another_region()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var call = SignedCall.Make(seed) with { Region = "cn-shanghai" };
            AssertRefused(call, OssErrorCode.InvalidArgument, call.IsPresigned ? "0002-00000226" : "0002-00000228");
        }
    }

    [Fact]
    public void Refuses_a_request_more_than_15_minutes_from_its_time()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var call = SignedCall.Make(seed);
            AssertValid(call with { Now = Some.Time.AddMinutes(-15) });
            AssertRefused(call with { Now = Some.Time.AddMinutes(-15).AddSeconds(-1) }, OssErrorCode.RequestTimeTooSkewed, null);
            if (!call.IsPresigned)
            {
                AssertValid(call with { Now = Some.Time.AddMinutes(15) });
                AssertRefused(call with { Now = Some.Time.AddMinutes(15).AddSeconds(1) }, OssErrorCode.RequestTimeTooSkewed, null);
            }
        }
    }

    [Fact]
    public void Refuses_a_URL_from_the_second_it_expires()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var call = SignedCall.Make(seed);
            if (call.IsPresigned)
            {
                AssertValid(call with { Now = Some.Time + call.Lifetime - TimeSpan.FromTicks(1) });
                AssertRefused(call with { Now = Some.Time + call.Lifetime }, OssErrorCode.AccessDenied, "0002-00000069");
            }
        }
    }

    [Theory]
    [InlineData("x-oss-expires", "0", "0002-00000232")]
    [InlineData("x-oss-expires", "-1", "0002-00000232")]
    [InlineData("x-oss-expires", "604801", "0002-00000232")]
    [InlineData("x-oss-expires", "99999999999999999999", "0002-00000232")]
    [InlineData("x-oss-expires", "1e3", "0002-00000232")]
    [InlineData("x-oss-expires", "", "0002-00000215")]
    [InlineData("x-oss-date", "20250103T030405Z", "0002-00000223")]
    [InlineData("x-oss-date", "yesterday", "0002-00000223")]
    [InlineData("x-oss-date", "", "0002-00000223")]
    [InlineData("x-oss-signature", "", "0002-00000219")]
    [InlineData("x-oss-credential", "", "0002-00000224")]
    [InlineData("x-oss-credential", "id/20250102/cn-hangzhou/oss", "0002-00000224")]
    [InlineData("x-oss-credential", "id/2025010/cn-hangzhou/oss/aliyun_v4_request", "0002-00000224")]
    [InlineData("x-oss-credential", "id/20250102/cn-hangzhou/s3/aliyun_v4_request", "0002-00000224")]
    [InlineData("x-oss-credential", "id/20250102/cn-hangzhou/oss/aws4_request", "0002-00000224")]
    public void Refuses_a_URL_with_a_malformed_parameter(string name, string value, string ec) =>
        AssertRefused(Presigned().WithParameter(name, value), OssErrorCode.InvalidArgument, ec);

    [Theory]
    [InlineData("x-oss-expires", "3601")]
    [InlineData("x-oss-date", "20250102T030406Z")]
    public void Refuses_a_URL_whose_life_was_stretched(string name, string value) =>
        AssertRefused(Presigned().WithParameter(name, value), OssErrorCode.SignatureDoesNotMatch, "0002-00000040");

    [Theory]
    [InlineData("00010101T000000Z")]
    [InlineData("99991231T235959Z")]
    public void Refuses_a_URL_from_the_ends_of_the_calendar(string date)
    {
        var call = Presigned().WithParameter("x-oss-date", date)
            .WithParameter("x-oss-credential", $"{Some.Key.Id}/{date[..8]}/cn-hangzhou/oss/aliyun_v4_request")
            .WithParameter("x-oss-expires", "604800");
        Assert.False(call.Verify().IsValid);
        Assert.NotNull(call.Verify().Error);
    }

    [Theory]
    [InlineData("OSS4-HMAC-SHA256", "InvalidArgument")]
    [InlineData("OSS4-HMAC-SHA256 Credential=id,Signature=00", "InvalidArgument")]
    [InlineData("OSS4-HMAC-SHA256 Credential=id/20250102/cn-hangzhou/oss/aliyun_v4_request", "InvalidArgument")]
    [InlineData("OSS4-HMAC-SHA256 Credential=id/20250103/cn-hangzhou/oss/aliyun_v4_request,Signature=00", "InvalidArgument")]
    [InlineData("OSS4-HMAC-SHA256 Credential=id/20250102/cn-hangzhou/oss/aliyun_v4_request,Signature=00", "InvalidAccessKeyId")]
    public void Refuses_a_malformed_authorization(string authorization, string code) =>
        Assert.Equal(code, ByHeader().WithHeader("Authorization", authorization).Verify().Error?.Code);

    [Fact]
    public void Accepts_an_authorization_with_spaces_after_its_commas()
    {
        var call = ByHeader();
        AssertValid(call.WithHeader("Authorization", call.Headers["Authorization"].Replace(",", ", ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Refuses_another_payload_hash_and_a_missing_date()
    {
        AssertRefused(ByHeader().WithHeader("x-oss-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), OssErrorCode.InvalidArgument, null);
        AssertRefused(ByHeader().WithHeader("x-oss-content-sha256", null), OssErrorCode.InvalidArgument, null);
        AssertRefused(ByHeader().WithHeader("x-oss-date", null).WithHeader("Date", null), OssErrorCode.AccessDenied, null);
    }

    [Fact]
    public void Tells_what_it_would_have_signed()
    {
        var error = (ByHeader() with { Key = "other" }).Verify().Error!;

        Assert.Equal(["OSSAccessKeyId", "SignatureProvided", "StringToSign", "StringToSignBytes", "CanonicalRequest"], error.Details.Select(detail => detail.Key));
        Assert.StartsWith("OSS4-HMAC-SHA256\n20250102T030405Z\n20250102/cn-hangzhou/oss/aliyun_v4_request\n", error.Details[2].Value, StringComparison.Ordinal);
        Assert.Contains("\n/examplebucket/other\n", error.Details[4].Value, StringComparison.Ordinal);
        Assert.DoesNotContain(Some.Key.Secret, error.ToXml("id", "host"), StringComparison.Ordinal);
    }

    // The C# SDK (V2) writes "!()*" bare and "~" as %7E, and signs that. "+" is a space, whoever writes it, and signed as one.
    [Theory]
    [InlineData("prefix=a(1)!*%7E&marker=", "marker&prefix=a(1)!*%7E", true)]
    [InlineData("prefix=a+(1)&marker=", "marker&prefix=a%20(1)", true)]
    [InlineData("prefix=a+b&marker=", "marker&prefix=a%20b", true)]
    [InlineData("prefix=a+b&marker=", "marker&prefix=a+b", false)]
    [InlineData("prefix=a+b&marker=", "marker&prefix=a%2Bb", false)]
    public void Accepts_a_query_signed_as_it_was_sent_by_an_encoder_that_leaves_marks_alone(string raw, string canonicalQuery, bool accepted)
    {
        var request = new OssRequest("GET", Some.Bucket, "key");
        var signer = new V4Signer(Some.Key, Some.Region);
        signer.Sign(request, Some.Time);
        var canonical = V4CanonicalRequest.ToText(request, canonicalQuery, new SignedHeaders(request.Headers, request.Headers.Count, []));
        var signature = V4Signer.Signature(signer.Day(Some.Time), "20250102T030405Z", System.Text.Encoding.UTF8.GetBytes(canonical));
        request.Headers["Authorization"] = $"OSS4-HMAC-SHA256 Credential={signer.Credential(Some.Time)},Signature={signature}";

        Assert.Equal(accepted, Some.Verifier(Some.Key).Verify("GET", Some.Bucket, "key", raw, [.. request.Headers]).IsValid);
    }

    [Theory]
    [InlineData("", "OSS LTAIfake:c2lnbmF0dXJl")]
    [InlineData("OSSAccessKeyId=LTAIfake&Expires=1&Signature=x", null)]
    [InlineData("x-oss-signature-version=OSS2&x-oss-signature=x", null)]
    [InlineData("x-oss-signature=0000", null)]
    [InlineData("", "OSS4-HMAC-SHA256x Credential=id")]
    public void Takes_what_is_not_V4_for_unsigned(string rawQuery, string? authorization)
    {
        KeyValuePair<string, string>[] headers = authorization is null ? [] : [new("authorization", authorization)];
        Assert.False(V4Verifier.IsSigned(headers, rawQuery));
        var verification = Some.Verifier(Some.Key).Verify("GET", Some.Bucket, "key", rawQuery, headers);
        Assert.False(verification.IsValid);
        Assert.Null(verification.Error);
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(1, true)]
    [InlineData(604800, true)]
    [InlineData(604800.5, false)]
    public void Presigns_for_a_second_to_a_week(double seconds, bool allowed) => AssertPresigns(Some.Key, seconds, allowed);

    [Theory]
    [InlineData(43200, true)]
    [InlineData(43201, false)]
    public void Presigns_with_a_temporary_key_for_half_a_day_at_most(double seconds, bool allowed) => AssertPresigns(Some.TemporaryKey, seconds, allowed);

    [Fact]
    public void Presigned_headers_are_those_that_were_signed_but_not_what_every_client_sends_by_itself()
    {
        var request = new OssRequest("PUT", Some.Bucket, "key") { AdditionalHeaders = ["Host", "content-length", "Cache-Control"] };
        request.Headers["Host"] = "h";
        request.Headers["Content-Length"] = "3";
        request.Headers["Cache-Control"] = "no-store";
        request.Headers["Content-Type"] = "text/plain";
        request.Headers["x-oss-meta-a"] = "1";
        request.Headers["User-Agent"] = "any";

        var presigned = new V4Signer(Some.Key, Some.Region).Presign(request, Some.Endpoint, Some.Time, TimeSpan.FromHours(1));

        Assert.Equal(["Cache-Control", "Content-Type", "x-oss-meta-a"], presigned.Headers.Keys.Order(StringComparer.Ordinal));
    }

    private static void AssertPresigns(AccessKey key, double seconds, bool allowed)
    {
        var sign = () => new V4Signer(key, Some.Region).Presign(new OssRequest("GET", Some.Bucket, "key"), Some.Endpoint, Some.Time, TimeSpan.FromSeconds(seconds));
        if (allowed)
        {
            Assert.Equal(Some.Time.AddSeconds(seconds), sign().Expires);
        }
        else
        {
            Assert.Throws<ArgumentOutOfRangeException>(sign);
        }
    }

    private static SignedCall Presigned() => SignedCall.Presign(new OssRequest("GET", Some.Bucket, "key"), Some.Key, TimeSpan.FromHours(1));

    private static SignedCall ByHeader() => SignedCall.Sign(new OssRequest("GET", Some.Bucket, "key"), Some.Key);

    private static void AssertValid(SignedCall call)
    {
        var verification = call.Verify();
        Assert.True(verification.IsValid, verification.Error?.ToString() ?? "taken for unsigned");
        Assert.Equal(call.Known.Id, verification.Signer!.Id);
    }

    private static void AssertRefused(SignedCall call, OssErrorCode code, string? ec)
    {
        var verification = call.Verify();
        Assert.False(verification.IsValid);
        Assert.Equal(code.Code, verification.Error?.Code);
        Assert.Equal(code.HttpStatus, verification.Error?.HttpStatus);
        if (ec is not null)
        {
            Assert.Equal(ec, verification.Error?.Ec);
        }
    }
}
