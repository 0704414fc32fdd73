using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Oss.Emulator.Tests.Sts;

public sealed class AssumeRoleWithOidcTests
{
    private const string Header = """{"alg":"RS256","kid":"1"}""";

    // 2025-06-01T12:00:01Z
    private const string Claims = """{"iss":"https://issuer.example.com","sub":"system:serviceaccount:a","aud":["sts.aliyuncs.com","b"],"exp":1748779201}""";

    private static string Jwt(string header = Header, string claims = Claims, string signature = "signature") =>
        string.Join('.', new[] { header, claims, signature }.Select(part => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part))));

    private static Dictionary<string, string> Request(params (string Name, string? Value)[] changes) => TestSts.With(
        TestSts.AssumeRole(("Action", "AssumeRoleWithOIDC"), ("OIDCProviderArn", "acs:ram::1234567890123456:oidc-provider/ack"), ("OIDCToken", Jwt())), changes);

    private static Task<StsAnswer> SendAsync(TestSts sts, Dictionary<string, string> request) => sts.SendAsync("POST", "", TestSts.Encoded(request), []);

    [Fact]
    public async Task Lends_a_key_for_a_token_without_a_signature()
    {
        await using var sts = await TestSts.StartAsync();

        var answer = await SendAsync(sts, Request());

        Assert.True(answer.Key.IsTemporary);
        Assert.Equal(TestSts.Role + "/alice", answer.Json.GetProperty("AssumedRoleUser").GetProperty("Arn").GetString());
        var info = answer.Json.GetProperty("OIDCTokenInfo");
        Assert.Equal(
            ("system:serviceaccount:a", "https://issuer.example.com", "sts.aliyuncs.com,b"),
            (info.GetProperty("Subject").GetString(), info.GetProperty("Issuer").GetString(), info.GetProperty("ClientIds").GetString()));
    }

    [Fact]
    public async Task Reads_action_and_version_from_headers_as_well()
    {
        await using var sts = await TestSts.StartAsync();
        var answer = await sts.SendAsync(
            "POST", "", TestSts.Encoded(Request(("Action", null), ("Version", null), ("Format", null))),
            [new("x-acs-action", "AssumeRoleWithOIDC"), new("x-acs-version", "2015-04-01"), new("accept", "application/json")]);
        Assert.True(answer.Key.IsTemporary);
    }

    [Fact]
    public async Task Carries_odd_subjects()
    {
        await using var sts = await TestSts.StartAsync();
        var jwt = Jwt(claims: """{"iss":"i","sub":"中文\u0001<&😀","aud":"a","exp":1748779201}""");

        Assert.Equal("中文?<&😀", (await SendAsync(sts, Request(("OIDCToken", jwt)))).Json.GetProperty("OIDCTokenInfo").GetProperty("Subject").GetString());
        Assert.Contains("<Subject>中文?&lt;&amp;😀</Subject>", (await SendAsync(sts, Request(("OIDCToken", jwt), ("Format", "XML")))).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OIDCProviderArn", null, "MissingOIDCProviderArn")]
    [InlineData("OIDCProviderArn", "acs:ram::1:role/a", "InvalidParameter.OIDCProviderArn")]
    [InlineData("OIDCToken", null, "MissingOIDCToken")]
    [InlineData("RoleArn", "x", "InvalidParameter.RoleArn")]
    [InlineData("RoleSessionName", "x", "InvalidParameter.RoleSessionName")]
    [InlineData("DurationSeconds", "1", "InvalidParameter.DurationSeconds")]
    [InlineData("Policy", "{", "InvalidParameter.PolicyGrammar")]
    public async Task Refuses_parameters_that_cannot_be(string name, string? value, string code)
    {
        await using var sts = await TestSts.StartAsync();
        var answer = await SendAsync(sts, Request((name, value)));
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
    }

    public static TheoryData<string, string> NoTokens => new()
    {
        { "abcd", "3 parts" },
        { Jwt() + ".x", "3 parts" },
        { Jwt().Replace('.', '-'), "3 parts" },
        { "!." + Jwt().Split('.', 2)[1], "base64" },
        { Jwt(signature: ""), "recognized" },
        { Jwt(header: "[]"), "recognized" },
        { Jwt(header: "{"), "recognized" },
        { Jwt(header: """{"alg":"none"}"""), "none" },
        { Jwt(header: """{"alg":"HS256"}"""), "The algorithm HS256 that be specified in Jwt header is unknown." },
        { Jwt(header: "{}"), "algorithm" },
        { Jwt(claims: "text"), "recognized" },
        { Jwt(claims: """{"iss":"i","sub":"s","aud":"a"}"""), "recognized" },
        { Jwt(claims: """{"iss":"i","sub":"s","aud":"a","exp":"1748779201"}"""), "recognized" },
        { Jwt(claims: """{"iss":"i","sub":"s","aud":[],"exp":1748779201}"""), "recognized" },
        { Jwt(claims: """{"iss":"i","sub":"","aud":"a","exp":1748779201}"""), "recognized" },
        { Jwt(claims: """{"sub":"s","aud":"a","exp":1748779201}"""), "recognized" },
        { Jwt(claims: """{"iss":"i","sub":"\ud800","aud":"a","exp":1748779201}"""), "recognized" },
        { Jwt(claims: Claims.PadRight(20_000)), "recognized" },
    };

    [Theory]
    [MemberData(nameof(NoTokens))]
    public async Task Refuses_what_is_no_token(string token, string named)
    {
        await using var sts = await TestSts.StartAsync();
        var answer = await SendAsync(sts, Request(("OIDCToken", token)));
        Assert.Equal((HttpStatusCode.Unauthorized, "AuthenticationFail.OIDCToken.Invalid"), (answer.Status, answer.Code));
        Assert.Contains(named, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_token_from_the_second_it_ends_in()
    {
        await using var sts = await TestSts.StartAsync();
        Assert.True((await SendAsync(sts, Request())).Key.IsTemporary);

        sts.Clock.Advance(TimeSpan.FromSeconds(1));
        var answer = await SendAsync(sts, Request());

        Assert.Equal((HttpStatusCode.Unauthorized, "AuthenticationFail.OIDCToken.Expired", "This JsonWebToken is expired."), (answer.Status, answer.Code, answer.Message));
    }
}
