using System.Text;

namespace Oss.Protocol.Tests;

/// <summary>Signatures that official SDKs made.</summary>
public sealed class V4VectorTests
{
    public static TheoryData<string> Headers => Vector.Ids("v4-header");

    public static TheoryData<string> Presigned => Vector.Ids("v4-presign");

    public static TheoryData<string> Policies => Vector.Ids("v4-post-policy");

    [Theory]
    [MemberData(nameof(Headers))]
    public void Signs_a_request_by_header_as_the_SDKs_do(string id)
    {
        var vector = Vector.Get("v4-header", id);
        var (signer, time) = Signer(vector);
        var request = vector.Request();

        signer.Sign(request, time);

        Assert.Equal(vector.Expected.Text("authorization"), request.Headers["Authorization"]);
        Assert.EndsWith(",Signature=" + vector.Expected.Text("signature"), request.Headers["Authorization"], StringComparison.Ordinal);
        Assert.All(vector.Expected.GetProperty("addedHeaders").EnumerateObject(), added => Assert.Equal(added.Value.GetString(), request.Headers[added.Name]));
        AssertSteps(vector, signer, time, request, request.Query);
        Assert.True(Verifier(vector).Verify(request.Method, request.Bucket, request.Key, request.RawQuery(), [.. request.Headers]).IsValid);
    }

    [Theory]
    [MemberData(nameof(Presigned))]
    public void Presigns_a_URL_as_the_SDKs_do(string id)
    {
        var vector = Vector.Get("v4-presign", id);
        var (signer, time) = Signer(vector);
        var request = vector.Request();
        var endpoint = OssEndpoint.Parse($"oss-{signer.Region}.aliyuncs.com");
        var seconds = vector.Input.GetProperty("expiresSeconds").GetInt64();

        var presigned = signer.Presign(request, endpoint, time, TimeSpan.FromSeconds(seconds));

        Assert.StartsWith($"https://{vector.Expected.Text("host")}{vector.Expected.Text("encodedPath")}?", presigned.Url, StringComparison.Ordinal);
        var rawQuery = presigned.Url[(presigned.Url.IndexOf('?', StringComparison.Ordinal) + 1)..];
        var query = OssEncoding.ParseQuery(rawQuery);
        Assert.Equal(
            vector.Expected.GetProperty("queryParameters").EnumerateArray().Select(pair => $"{pair[0].GetString()}={pair[1].GetString()}").Order(StringComparer.Ordinal),
            query.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(vector.Expected.Text("signature"), query.Single(pair => pair.Key == "x-oss-signature").Value);
        Assert.Equal(time.AddSeconds(seconds), presigned.Expires);
        Assert.Equal(request.Method, presigned.Method);
        AssertSteps(vector, signer, time, request, [.. query.Where(pair => pair.Key != "x-oss-signature")]);
        Assert.True(Verifier(vector).Verify(request.Method, request.Bucket, request.Key, rawQuery, [.. request.Headers]).IsValid);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Signs_a_form_policy_as_the_SDKs_do(string id)
    {
        var vector = Vector.Get("v4-post-policy", id);
        var (signer, time) = Signer(vector);
        var policy = Convert.ToBase64String(Encoding.UTF8.GetBytes(vector.Input.Text("policy")));
        Assert.Equal(vector.Expected.Text("policyBase64"), policy);

        var signature = signer.SignPolicy(policy, time);

        Assert.Equal(vector.Expected.Text("signature"), signature);
        Assert.Equal(vector.Expected.Text("signingKeyHex"), Convert.ToHexStringLower(signer.Day(time).Key));
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["policy"] = policy,
            ["x-oss-signature-version"] = V4Signer.Algorithm,
            ["x-oss-credential"] = signer.Credential(time),
            ["x-oss-date"] = V4Timestamp.ToText(time),
            ["x-oss-signature"] = signature,
        };
        if (signer.AccessKey.IsTemporary)
        {
            fields["x-oss-security-token"] = signer.AccessKey.SecurityToken!;
        }

        Assert.True(Verifier(vector).VerifyForm(fields).IsValid);
        Assert.True(PostPolicyDocument.TryParse(policy, out _, out var error), error?.ToString());
    }

    private static void AssertSteps(Vector vector, V4Signer signer, DateTimeOffset time, OssRequest request, IEnumerable<KeyValuePair<string, string?>> query)
    {
        var sorted = query.ToArray();
        CanonicalQuery.Sort(sorted);
        var buffer = new Utf8Buffer(stackalloc byte[16]);
        V4CanonicalRequest.Write(ref buffer, request, sorted, new SignedHeaders(request.Headers, request.Headers.Count, request.AdditionalHeaders));
        var canonical = buffer.Written.ToArray();
        buffer.Dispose();

        Assert.Equal(vector.Expected.Text("canonicalRequest"), Encoding.UTF8.GetString(canonical));
        Assert.Equal(vector.Expected.Text("stringToSign"), V4Signer.StringToSign(V4Timestamp.ToText(time), signer.Day(time).Scope, canonical));
        Assert.Equal(vector.Expected.Text("signingKeyHex"), Convert.ToHexStringLower(signer.Day(time).Key));
    }

    private static (V4Signer Signer, DateTimeOffset Time) Signer(Vector vector)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(vector.Input.GetProperty("time").GetInt64());
        Assert.Equal(vector.Input.Text("signTimeUtc"), V4Timestamp.ToText(time));
        return (new V4Signer(vector.Key, vector.Input.Text("region"), vector.Input.Text("product")), time);
    }

    private static V4Verifier Verifier(Vector vector) =>
        Some.Verifier(vector.Key, DateTimeOffset.FromUnixTimeSeconds(vector.Input.GetProperty("time").GetInt64()), vector.Input.Text("region"));
}
