using System.Text.Json;

namespace Oss.Protocol.Tests.Sts;

public sealed class StsSignatureTests
{
    public static TheoryData<string> Rpc => Vector.Ids("sts-rpc");

    public static TheoryData<string> Acs3 => Vector.Ids("sts-acs3");

    private static KeyValuePair<string, string>[] Pairs(JsonElement members) => [.. members.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value.GetString()!))];

    [Theory]
    [MemberData(nameof(Rpc))]
    public void Signs_parameters_as_the_SDK_does(string id)
    {
        var vector = Vector.Get("sts-rpc", id);
        var (method, secret, parameters) = (vector.Input.Text("method"), vector.Input.Text("accessKeySecret"), Pairs(vector.Input.GetProperty("parameters")));

        Assert.Equal(vector.Expected.Text("stringToSign"), StsRpcSignature.StringToSign(method, parameters));
        Assert.Equal(vector.Expected.Text("signature"), StsRpcSignature.Sign(method, parameters, secret));
        Assert.True(StsRpcSignature.Verify(method, [.. parameters, new("Signature", vector.Expected.Text("signature"))], secret));
    }

    [Fact]
    public void Finds_every_change_of_signed_parameters()
    {
        KeyValuePair<string, string>[] parameters = [new("Action", "AssumeRole"), new("RoleSessionName", "a"), new("Signature", "")];
        parameters[2] = new("Signature", StsRpcSignature.Sign("POST", parameters, "secret"));

        Assert.True(StsRpcSignature.Verify("POST", parameters, "secret"));
        Assert.False(StsRpcSignature.Verify("POST", parameters, "Secret"));
        Assert.False(StsRpcSignature.Verify("GET", parameters, "secret"));
        Assert.False(StsRpcSignature.Verify("POST", parameters[..2], "secret"));
        Assert.False(StsRpcSignature.Verify("POST", [parameters[0], new("RoleSessionName", "b"), parameters[2]], "secret"));
        Assert.False(StsRpcSignature.Verify("POST", [.. parameters, new("Policy", "")], "secret"));
    }

    [Theory]
    [InlineData("a b", "a%2520b")]
    [InlineData("*~'()!", "%252A~%2527%2528%2529%2521")]
    [InlineData("中文", "%25E4%25B8%25AD%25E6%2596%2587")]
    public void Encodes_values_twice_in_the_text_it_signs(string value, string encoded) =>
        Assert.Equal($"GET&%2F&P%3D{encoded}", StsRpcSignature.StringToSign("GET", [new("P", value)]));

    [Theory]
    [MemberData(nameof(Acs3))]
    public void Signs_a_request_by_header_as_the_SDK_and_the_documentation_do(string id)
    {
        var vector = Vector.Get("sts-acs3", id);
        var (method, path, hash) = (vector.Input.Text("method"), vector.Input.Text("path"), vector.Input.Text("payloadSha256"));
        var key = new AccessKey(vector.Input.Text("accessKeyId"), vector.Input.Text("accessKeySecret"));
        var headers = Pairs(vector.Input.GetProperty("headers"));
        var query = Pairs(vector.Input.GetProperty("query")).Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)).ToArray();

        var names = Acs3Signature.NamesToSign(headers.Select(header => header.Key));
        var canonical = Acs3Signature.CanonicalRequest(method, path, query, headers, names, hash);
        Assert.Equal(vector.Expected.Text("canonicalRequest"), canonical);
        Assert.Equal(vector.Expected.Text("stringToSign"), Acs3Signature.StringToSign(canonical));
        Assert.Equal(vector.Expected.Text("authorization"), Acs3Signature.Authorization(key, method, path, query, headers));

        Assert.True(Acs3Authorization.TryParse(vector.Expected.Text("authorization"), out var parsed));
        Assert.Equal(key.Id, parsed.AccessKeyId);
        Assert.Equal(names, parsed.SignedHeaders);
        Assert.True(Acs3Signature.Verify(canonical, key.Secret, parsed.Signature));
        Assert.False(Acs3Signature.Verify(canonical + " ", key.Secret, parsed.Signature));
        Assert.Equal(hash, Acs3Signature.ContentHash([]));
    }

    [Fact]
    public void Signs_only_what_identifies_the_call()
    {
        string[] names = ["User-Agent", "X-Acs-Date", "Host", "Content-Length", "Content-Type", "x-acs-action", "Accept"];
        Assert.Equal(["content-type", "host", "x-acs-action", "x-acs-date"], Acs3Signature.NamesToSign(names));
    }

    [Fact]
    public void Keeps_the_equals_sign_of_an_empty_value()
    {
        var canonical = Acs3Signature.CanonicalRequest("GET", "/", [new("b", null), new("a", "2"), new("a", "1")], [new("Host", " h ")], ["HOST"], "0");
        Assert.Equal("GET\n/\na=1&a=2&b=\nhost:h\n\nhost\n0", canonical);
    }

    [Theory]
    [InlineData("ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-date,Signature=ab", true)]
    [InlineData("ACS3-HMAC-SHA256 Credential=id, SignedHeaders=host;x-acs-date, Signature=ab", true)]
    [InlineData("ACS3-HMAC-SHA256 Signature=ab,SignedHeaders=host;x-acs-date,Credential=id", true)]
    [InlineData("ACS3-HMAC-SHA256 Credential=id,Signature=ab", false)]
    [InlineData("ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=ab", false)]
    [InlineData("ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=ab,Signature=cd", false)]
    [InlineData("ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host,Signature=ab,Region=x", false)]
    [InlineData("ACS3-HMAC-SHA256", false)]
    [InlineData("ACS3-RSA-SHA256 Credential=id,SignedHeaders=host,Signature=ab", false)]
    [InlineData("OSS id:signature", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Reads_an_Authorization_header_or_says_that_it_is_none(string? header, bool isOne)
    {
        Assert.Equal(isOne, Acs3Authorization.TryParse(header, out var parsed));
        if (isOne)
        {
            Assert.Equal(("id", "ab"), (parsed!.AccessKeyId, parsed.Signature));
            Assert.Equal(["host", "x-acs-date"], parsed.SignedHeaders);
            Assert.Equal("ACS3-HMAC-SHA256 by id", $"{parsed}");
        }
    }
}
