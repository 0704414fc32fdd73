using System.Text;

namespace Oss.Protocol.Tests;

/// <summary>V1 signatures that official SDKs made.</summary>
public sealed class V1VectorTests
{
    public static TheoryData<string> Headers => Vector.Ids("v1-header");

    public static TheoryData<string> Presigned => Vector.Ids("v1-presign");

    public static TheoryData<string> Policies => Vector.Ids("v1-post-policy");

    [Theory]
    [MemberData(nameof(Headers))]
    public void Signs_a_request_by_header_as_the_SDKs_do(string id)
    {
        var vector = Vector.Get("v1-header", id);
        var call = SignedCall.SignV1(vector.Request(), vector.Key);

        Assert.Equal(vector.Expected.Text("date"), call.Headers["Date"]);
        Assert.Equal(vector.Expected.Text("authorization"), call.Headers["Authorization"]);
        AssertSigned(vector, call, SignatureScheme.V1Header);
    }

    [Theory]
    [MemberData(nameof(Presigned))]
    public void Presigns_a_URL_as_the_SDKs_do(string id)
    {
        var vector = Vector.Get("v1-presign", id);
        var call = SignedCall.PresignV1(vector.Request(), vector.Key, TimeSpan.FromSeconds(vector.Input.GetProperty("expiresSeconds").GetInt64()));

        var query = OssEncoding.ParseQuery(call.RawQuery);
        Assert.Equal(vector.Expected.Text("signature"), query.Single(pair => pair.Key == "Signature").Value);
        Assert.Equal($"{vector.Expected.GetProperty("expires").GetInt64()}", query.Single(pair => pair.Key == "Expires").Value);
        AssertSigned(vector, call, SignatureScheme.V1Query);
        var example = vector.Expected.Text("exampleUrl");
        AssertSigned(vector, call with { RawQuery = example[(example.IndexOf('?', StringComparison.Ordinal) + 1)..] }, SignatureScheme.V1Query);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Signs_a_form_policy_as_the_SDKs_do(string id)
    {
        var vector = Vector.Get("v1-post-policy", id);
        var policy = Convert.ToBase64String(Encoding.UTF8.GetBytes(vector.Input.Text("policy")));
        Assert.Equal(vector.Expected.Text("policyBase64"), policy);
        Assert.Equal(vector.Expected.Text("signature"), V1Signature.SignPolicy(vector.Key.Secret, policy));

        var verification = Some.V1Verifier(vector.Key).VerifyForm(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["OSSAccessKeyId"] = vector.Key.Id,
            ["policy"] = policy,
            ["Signature"] = vector.Expected.Text("signature"),
        });
        Assert.Equal((vector.Key, SignatureScheme.V1Form), (verification.Signer, verification.Scheme));
    }

    /// <summary>The call is right, and for another secret the refusal names the string to sign that the SDKs signed.</summary>
    private static void AssertSigned(Vector vector, SignedCall call, SignatureScheme scheme)
    {
        Assert.Equal(Some.Time.ToUnixTimeSeconds(), vector.Input.GetProperty("time").GetInt64());
        var verification = call.Verify();
        Assert.True(verification.IsValid, verification.Error?.ToString() ?? "taken for unsigned");
        Assert.Equal(scheme, verification.Scheme);

        var refusal = (call with { Known = call.Known with { Secret = "other" } }).Verify();
        Assert.Equal(vector.Expected.Text("stringToSign"), refusal.Error!.Details.Single(detail => detail.Key == "StringToSign").Value);
        Assert.Equal(scheme, refusal.Scheme);
    }
}
