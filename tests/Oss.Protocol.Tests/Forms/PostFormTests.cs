namespace Oss.Protocol.Tests;

public sealed class PostFormTests
{
    private static readonly string[] OfTheSignature = ["policy", "x-oss-signature-version", "x-oss-credential", "x-oss-date", "x-oss-signature", "x-oss-security-token"];

    [Fact]
    public void Passes_the_checks_of_OSS_as_it_was_signed_and_with_no_field_altered_or_left_out()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var arbitrary = new Arbitrary(seed);
            var key = seed % 2 == 0 ? Some.Key : Some.TemporaryKey;
            var fields = new List<KeyValuePair<string, string>> { new("key", arbitrary.Key()), new("callback", "eyJ9"), new("success_action_status", "200") };
            for (var i = arbitrary.Below(5); i > 0; i--)
            {
                fields.Add(new($"x:{i}{arbitrary.Name(4)}", arbitrary.Text(20)));
            }

            var form = PostForm.Sign(new V4Signer(key, Some.Region), Some.Endpoint, Some.Bucket, fields, 1, 1024, Some.Time, TimeSpan.FromMinutes(30));

            Assert.Equal("https://examplebucket.oss-cn-hangzhou.aliyuncs.com/", form.Url);
            Assert.Equal(fields, form.Fields.Take(fields.Count));
            Assert.Equal(Some.Time.AddMinutes(30), form.Expires);
            Assert.Null(Refusal(form.Fields, key));
            Assert.Null(Refusal([.. form.Fields, new("x-oss-not-named-by-the-policy", "1")], key));
            Assert.Equal(OssErrorCode.AccessDenied.Code, Refusal(form.Fields, key, bucket: "otherbucket"));
            Assert.Equal(OssErrorCode.AccessDenied.Code, Refusal(form.Fields, key, now: form.Expires));
            Assert.Equal(OssErrorCode.SignatureDoesNotMatch.Code, Refusal(form.Fields, key with { Secret = "other" }));
            foreach (var (name, value) in form.Fields)
            {
                var altered = form.Fields.Select(field => field.Key == name ? KeyValuePair.Create(name, value + "x") : field).ToArray();
                Assert.NotNull(Refusal(altered, key));
                var without = form.Fields.Where(field => field.Key != name).ToArray();
                // Without its version, a form is not signed with V4 at all.
                Assert.NotNull(Refusal(without, key));
                if (!OfTheSignature.Contains(name))
                {
                    Assert.Equal(OssErrorCode.AccessDenied.Code, Refusal(altered, key));
                    Assert.Equal(OssErrorCode.AccessDenied.Code, Refusal(without, key));
                }
            }

            Assert.True(PostPolicyDocument.TryParse(form.Fields.Single(field => field.Key == "policy").Value, out var policy, out _));
            Assert.Equal((1, 1024), (policy.MinSize, policy.MaxSize));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(604_801)]
    public void Lives_for_a_week_at_most(double seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PostForm.Sign(new V4Signer(Some.Key, Some.Region), Some.Endpoint, Some.Bucket, [], 0, 1, Some.Time, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("x-oss-signature-version", "OSS", "InvalidArgument")]
    [InlineData("x-oss-credential", "id", "InvalidArgument")]
    [InlineData("x-oss-credential", "LTAIfakeAccessKeyId00001/20250102/cn-shanghai/oss/aliyun_v4_request", "InvalidArgument")]
    [InlineData("x-oss-credential", "unknown/20250102/cn-hangzhou/oss/aliyun_v4_request", "InvalidAccessKeyId")]
    [InlineData("x-oss-date", "20250103T030405Z", "InvalidArgument")]
    [InlineData("x-oss-date", "today", "InvalidArgument")]
    [InlineData("x-oss-signature", "", "SignatureDoesNotMatch")]
    [InlineData("x-oss-security-token", "token", "InvalidSecurityToken")]
    public void Is_refused_with_the_code_of_what_is_wrong_with_its_signature(string name, string value, string code)
    {
        var fields = Signed();
        fields[name] = value;
        Assert.Equal(code, Some.Verifier(Some.Key).VerifyForm(fields).Error?.Code);
    }

    [Fact]
    public void Is_refused_long_before_and_a_week_after_its_date()
    {
        Assert.True(Some.Verifier(Some.Key, Some.Time.AddMinutes(-15)).VerifyForm(Signed()).IsValid);
        Assert.True(Some.Verifier(Some.Key, Some.Time.AddDays(7)).VerifyForm(Signed()).IsValid);
        Assert.Equal("RequestTimeTooSkewed", Some.Verifier(Some.Key, Some.Time.AddMinutes(-15).AddSeconds(-1)).VerifyForm(Signed()).Error?.Code);
        Assert.Equal("RequestTimeTooSkewed", Some.Verifier(Some.Key, Some.Time.AddDays(7).AddSeconds(1)).VerifyForm(Signed()).Error?.Code);
    }

    [Theory]
    [InlineData("00010101T000000Z")]
    [InlineData("99991231T235959Z")]
    public void Is_refused_from_the_ends_of_the_calendar(string date)
    {
        var fields = Signed();
        fields["x-oss-date"] = date;
        fields["x-oss-credential"] = $"{Some.Key.Id}/{date[..8]}/cn-hangzhou/oss/aliyun_v4_request";
        Assert.Equal("RequestTimeTooSkewed", Some.Verifier(Some.Key).VerifyForm(fields).Error?.Code);
    }

    private static Dictionary<string, string> Signed() =>
        new(PostForm.Sign(new V4Signer(Some.Key, Some.Region), Some.Endpoint, Some.Bucket, [new("key", "k")], 0, 1, Some.Time, TimeSpan.FromHours(1)).Fields, StringComparer.OrdinalIgnoreCase);

    /// <summary>What a server does with a form: signature, then policy.</summary>
    private static string? Refusal(IEnumerable<KeyValuePair<string, string>> form, AccessKey key, string bucket = Some.Bucket, DateTimeOffset? now = null)
    {
        var fields = new Dictionary<string, string>(form, StringComparer.OrdinalIgnoreCase);
        var verification = Some.Verifier(key, now).VerifyForm(fields);
        return !verification.IsValid ? verification.Error?.Code ?? "anonymous"
            : PostPolicyDocument.TryParse(fields["policy"], out var policy, out var error) ? policy.Check(fields, bucket, now ?? Some.Time)?.Code
            : error.Code;
    }
}
