namespace Oss.Protocol.Tests;

/// <summary>Forms of version 1, and which verifier a form belongs to.</summary>
public sealed class FormSignatureTests
{
    private const string Policy = "eyJleHBpcmF0aW9uIjoiMjAyNS0wMS0wMlQwNDowNDowNS4wMDBaIn0=";

    [Fact]
    public void Accepts_a_policy_as_it_was_signed_and_refuses_it_altered()
    {
        AssertSigned(Form(), Some.Key);
        var error = AssertRefused(Form(("policy", Policy[..^1])), OssErrorCode.SignatureDoesNotMatch, "0002-00000040");
        Assert.Equal(["OSSAccessKeyId", "SignatureProvided", "StringToSign", "StringToSignBytes"], error.Details.Select(detail => detail.Key));
        Assert.Equal(Policy[..^1], error.Details[2].Value);
        AssertRefused(Form(("Signature", "other")), OssErrorCode.SignatureDoesNotMatch, "0002-00000040");
        AssertRefused(Form(("OSSAccessKeyId", "LTAIother")), OssErrorCode.InvalidAccessKeyId, "0002-00000902");
    }

    [Fact]
    public void Holds_the_token_of_a_form_against_the_key()
    {
        var signature = V1Signature.SignPolicy(Some.TemporaryKey.Secret, Policy);
        var form = Form(("OSSAccessKeyId", Some.TemporaryKey.Id), ("Signature", signature), ("x-oss-security-token", Some.TemporaryKey.SecurityToken));
        AssertSigned(form, Some.TemporaryKey);
        AssertRefused(Form(("OSSAccessKeyId", Some.TemporaryKey.Id), ("Signature", signature)), OssErrorCode.InvalidSecurityToken, null, Some.TemporaryKey);
        AssertRefused(Form(("x-oss-security-token", "any")), OssErrorCode.InvalidSecurityToken, null);
    }

    [Theory]
    [InlineData("OSSAccessKeyId", "OSSAccessKeyId")]
    [InlineData("policy", "policy")]
    [InlineData("Signature", "Signature")]
    [InlineData("OSSAccessKeyId policy", "OSSAccessKeyId")]
    [InlineData("policy Signature", "policy")]
    [InlineData("OSSAccessKeyId Signature", "OSSAccessKeyId")]
    public void Refuses_a_form_that_has_some_of_the_three_fields_and_names_the_missing_one(string without, string missing)
    {
        foreach (var empty in (string?[])[null, ""])
        {
            var form = Form([.. without.Split(' ').Select(name => (name, empty))]);
            var error = AssertRefused(form, OssErrorCode.InvalidArgument, null);
            Assert.Contains(new("ArgumentName", missing), error.Details);
        }
    }

    [Fact]
    public void Takes_a_form_without_any_of_the_fields_for_unsigned() => AssertAnonymous(Some.V1Verifier(Some.Key).VerifyForm(new Dictionary<string, string> { ["key"] = "a" }));

    [Fact]
    public void Refuses_a_form_that_mixes_the_versions_whoever_looks_at_it()
    {
        var mixed = Form([.. V4Fields(), ("Signature", "any")]);
        Assert.Equal("InvalidArgument", Some.V1Verifier(Some.Key).VerifyForm(mixed).Error?.Code);
        Assert.Equal(SignatureScheme.V1Form, Some.V1Verifier(Some.Key).VerifyForm(mixed).Scheme);
        Assert.Equal("InvalidArgument", Some.Verifier(Some.Key).VerifyForm(mixed).Error?.Code);
        Assert.Equal(SignatureScheme.V4Form, Some.Verifier(Some.Key).VerifyForm(mixed).Scheme);
    }

    [Fact]
    public void Leaves_a_V4_form_with_a_lone_key_id_to_the_verifier_of_its_version()
    {
        var form = Form([.. V4Fields(), ("Signature", null)]);
        AssertAnonymous(Some.V1Verifier(Some.Key).VerifyForm(form));
        var verification = Some.Verifier(Some.Key).VerifyForm(form);
        Assert.Equal((Some.Key, SignatureScheme.V4Form), (verification.Signer, verification.Scheme));
    }

    private static IEnumerable<(string Name, string? Value)> V4Fields()
    {
        var signer = new V4Signer(Some.Key, Some.Region);
        return
        [
            ("x-oss-signature-version", V4Signer.Algorithm),
            ("x-oss-credential", signer.Credential(Some.Time)),
            ("x-oss-date", V4Timestamp.ToText(Some.Time)),
            ("x-oss-signature", signer.SignPolicy(Policy, Some.Time)),
        ];
    }

    private static Dictionary<string, string> Form(params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["key"] = "a",
            ["ossaccesskeyid"] = Some.Key.Id,
            ["Policy"] = Policy,
            ["Signature"] = V1Signature.SignPolicy(Some.Key.Secret, Policy),
        };
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                form.Remove(name);
            }
            else
            {
                form[name] = value;
            }
        }

        return form;
    }

    private static void AssertSigned(Dictionary<string, string> form, AccessKey key)
    {
        var verification = Some.V1Verifier(key).VerifyForm(form);
        Assert.Equal((key, SignatureScheme.V1Form, null), (verification.Signer, verification.Scheme, verification.Error));
    }

    private static OssError AssertRefused(Dictionary<string, string> form, OssErrorCode code, string? ec, AccessKey? key = null)
    {
        var verification = Some.V1Verifier(key ?? Some.Key).VerifyForm(form);
        Assert.False(verification.IsValid);
        Assert.Equal((code.Code, code.HttpStatus, ec), (verification.Error?.Code, verification.Error?.HttpStatus, verification.Error?.Ec));
        Assert.Equal(SignatureScheme.V1Form, verification.Scheme);
        return verification.Error!;
    }

    private static void AssertAnonymous(SignatureVerification verification) => Assert.Same(SignatureVerification.Anonymous, verification);
}
