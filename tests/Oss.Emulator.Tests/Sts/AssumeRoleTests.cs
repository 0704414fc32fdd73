using System.Net;
using System.Xml.Linq;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Sts;

public sealed class AssumeRoleTests
{
    private const string Everything = """{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""";
    private const string UploadsOnly = """{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:PutObject"],"Resource":["acs:oss:*:*:examplebucket/user/42/*"]}]}""";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lends_a_key_to_who_signed_the_parameters(bool get)
    {
        await using var sts = await TestSts.StartAsync();

        var answer = await sts.RpcAsync(TestSts.AssumeRole(), get: get);

        Assert.Equal((HttpStatusCode.OK, "application/json; charset=utf-8"), (answer.Status, answer.ContentType));
        Assert.Matches("^STS[.][A-Za-z0-9]{26}$", answer.Key.Id);
        Assert.Matches("^[A-Za-z0-9]{44}$", answer.Key.Secret);
        Assert.StartsWith("CAIS", answer.Key.SecurityToken, StringComparison.Ordinal);
        Assert.Equal("2025-06-01T13:00:00Z", answer.Json.GetProperty("Credentials").GetProperty("Expiration").GetString());
        var user = answer.Json.GetProperty("AssumedRoleUser");
        Assert.Equal(TestSts.Role + "/alice", user.GetProperty("Arn").GetString());
        Assert.Matches("^3[0-9]{17}:alice$", user.GetProperty("AssumedRoleId").GetString());
        Assert.Matches("^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", answer.Json.GetProperty("RequestId").GetString());
    }

    [Theory]
    [InlineData("POST", null)]
    [InlineData("GET", null)]
    [InlineData("POST", "RoleSessionName=alice")]
    public async Task Lends_a_key_to_who_signed_by_header(string method, string? form)
    {
        await using var sts = await TestSts.StartAsync();
        var query = TestSts.AssumeRole(("Policy", UploadsOnly), ("DurationSeconds", "900"), ("RoleSessionName", form is null ? "user-42@example.com" : null));

        var answer = await sts.Acs3Async(query, form: form, method: method);

        Assert.Equal("2025-06-01T12:15:00Z", answer.Json.GetProperty("Credentials").GetProperty("Expiration").GetString());
        Assert.True(answer.Key.IsTemporary);
    }

    [Fact]
    public async Task Answers_in_XML_unless_asked_for_JSON()
    {
        await using var sts = await TestSts.StartAsync();

        var answer = await sts.RpcAsync(TestSts.AssumeRole(("Format", null)));
        var refusal = await sts.RpcAsync(TestSts.AssumeRole(("Format", "xml"), ("RoleArn", "x")));

        var (reply, error) = (XDocument.Parse(answer.Body).Root!, XDocument.Parse(refusal.Body).Root!);
        Assert.Equal(("AssumeRoleResponse", "text/xml; charset=utf-8"), (reply.Name.LocalName, answer.ContentType));
        Assert.Matches("^STS[.]", reply.Element("Credentials")!.Element("AccessKeyId")!.Value);
        Assert.Equal(["RequestId", "HostId", "Code", "Message", "Recommend"], error.Elements().Select(element => element.Name.LocalName));
        Assert.Equal(("Error", "InvalidParameter.RoleArn", sts.Host), (error.Name.LocalName, error.Element("Code")!.Value, error.Element("HostId")!.Value));
    }

    [Fact]
    public async Task Words_refusals_as_STS_does()
    {
        await using var sts = await TestSts.StartAsync();

        var answer = await sts.RpcAsync(TestSts.AssumeRole(("RoleArn", "x")));

        Assert.Equal(["RequestId", "HostId", "Code", "Message", "Recommend"], answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal((HttpStatusCode.BadRequest, "The parameter RoleArn is wrongly formed.", sts.Host), (answer.Status, answer.Message, answer.Json.GetProperty("HostId").GetString()));
        Assert.Equal(
            $"https://api.aliyun.com/troubleshoot?q=InvalidParameter.RoleArn&product=Sts&requestId={answer.Json.GetProperty("RequestId").GetString()}",
            answer.Json.GetProperty("Recommend").GetString());
    }

    [Theory]
    [InlineData("RoleArn", null, "MissingRoleArn")]
    [InlineData("RoleArn", "acs:ram::1:user/u", "InvalidParameter.RoleArn")]
    [InlineData("RoleArn", "acs:ram:cn:1:role/u", "InvalidParameter.RoleArn")]
    [InlineData("RoleArn", "acs:ram::1:role/a b", "InvalidParameter.RoleArn")]
    [InlineData("RoleArn", "acs:ram::1:role/u\n", "InvalidParameter.RoleArn")]
    [InlineData("RoleSessionName", null, "MissingRoleSessionName")]
    [InlineData("RoleSessionName", "a", "InvalidParameter.RoleSessionName")]
    [InlineData("RoleSessionName", "忍者", "InvalidParameter.RoleSessionName")]
    [InlineData("RoleSessionName", "a/b", "InvalidParameter.RoleSessionName")]
    [InlineData("RoleSessionName", "12345678901234567890123456789012345678901234567890123456789012345", "InvalidParameter.RoleSessionName")]
    [InlineData("DurationSeconds", "899", "InvalidParameter.DurationSeconds")]
    [InlineData("DurationSeconds", "43201", "InvalidParameter.DurationSeconds")]
    [InlineData("DurationSeconds", "1h", "InvalidParameter.DurationSeconds")]
    [InlineData("DurationSeconds", "", "InvalidParameter.DurationSeconds")]
    [InlineData("Policy", "", "InvalidParameter.PolicyGrammar")]
    [InlineData("Policy", "{}", "InvalidParameter.PolicyGrammar")]
    [InlineData("ExternalId", "a", "InvalidParameter.ExternalId")]
    public async Task Refuses_parameters_that_cannot_be(string name, string? value, string code)
    {
        await using var sts = await TestSts.StartAsync();

        foreach (var answer in (StsAnswer[])[await sts.RpcAsync(TestSts.AssumeRole((name, value))), await sts.Acs3Async(TestSts.AssumeRole((name, value)))])
        {
            Assert.Equal((HttpStatusCode.BadRequest, code), (answer.Status, answer.Code));
        }
    }

    [Theory]
    [InlineData("RoleSessionName", "a.@-_Z")]
    [InlineData("RoleSessionName", "1234567890123456789012345678901234567890123456789012345678901234")]
    [InlineData("DurationSeconds", "43200")]
    [InlineData("ExternalId", "abcd1234")]
    [InlineData("Policy", UploadsOnly)]
    public async Task Takes_parameters_at_their_limits(string name, string value)
    {
        await using var sts = await TestSts.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await sts.RpcAsync(TestSts.AssumeRole((name, value)))).Status);
    }

    [Fact]
    public async Task Bounds_session_policies()
    {
        await using var sts = await TestSts.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await sts.RpcAsync(TestSts.AssumeRole(("Policy", Everything.PadRight(2048))))).Status);
        var answer = await sts.RpcAsync(TestSts.AssumeRole(("Policy", Everything.PadRight(2049))));
        Assert.Equal((HttpStatusCode.BadRequest, "InvalidParameter.PolicySize"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("""{"StringIs":{"oss:Prefix":"a"}}""", "InvalidParameter.PolicyGrammar", 400, "StringIs")]
    [InlineData("""{"StringEquals":{"oss:BucketTag/a":"a"}}""", "NotImplemented", 501, "oss:BucketTag/a")]
    [InlineData("""{"StringIs\u0001\ud83d\ude00":{"oss:Prefix":"a"}}""", "InvalidParameter.PolicyGrammar", 400, "StringIs?😀")]
    public async Task Names_the_condition_it_does_not_know(string condition, string code, int status, string named)
    {
        await using var sts = await TestSts.StartAsync();
        var policy = $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{condition}} }]}""";

        var answer = await sts.RpcAsync(TestSts.AssumeRole(("Policy", policy)));

        Assert.Equal((code, status), (answer.Code, (int)answer.Status));
        Assert.Contains(named, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Action", null, "MissingAction", 400)]
    [InlineData("Action", "", "MissingAction", 400)]
    [InlineData("Action", "assumeRole", "InvalidAction.NotFound", 404)]
    [InlineData("Action", "DeleteRole", "InvalidAction.NotFound", 404)]
    [InlineData("Action", "GetCallerIdentity", "NotImplemented", 501)]
    [InlineData("Action", "AssumeRoleWithSAML", "NotImplemented", 501)]
    [InlineData("Version", null, "MissingVersion", 400)]
    [InlineData("Version", "2014-05-26", "InvalidVersion", 400)]
    public async Task Refuses_what_it_is_not(string name, string? value, string code, int status)
    {
        await using var sts = await TestSts.StartAsync();
        var answer = await sts.RpcAsync(TestSts.AssumeRole((name, value)));
        Assert.Equal((code, status), (answer.Code, (int)answer.Status));
    }

    [Fact]
    public async Task Lends_only_the_roles_there_are()
    {
        await using var sts = await TestSts.StartAsync(rolePolicies: new() { [TestSts.Role] = Everything });

        Assert.Equal(HttpStatusCode.OK, (await sts.RpcAsync(TestSts.AssumeRole())).Status);
        var answer = await sts.RpcAsync(TestSts.AssumeRole(("RoleArn", "acs:ram::1234567890123456:role/other")));
        Assert.Equal((HttpStatusCode.NotFound, "EntityNotExist.Role"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Lends_only_to_who_may_assume_the_role()
    {
        await using var sts = await TestSts.StartAsync(keyPolicies: new()
        {
            [TestSts.User.Id] = """{"Version":"1","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"acs:ram:*:1234567890123456:role/upload*"}}""",
            [TestSts.Other.Id] = """{"Version":"1","Statement":{"Effect":"Allow","Action":"oss:*","Resource":"*"}}""",
        });

        Assert.Equal(HttpStatusCode.OK, (await sts.RpcAsync(TestSts.AssumeRole())).Status);
        foreach (var answer in (StsAnswer[])
            [await sts.RpcAsync(TestSts.AssumeRole(), TestSts.Other), await sts.RpcAsync(TestSts.AssumeRole(("RoleArn", "acs:ram::1234567890123456:role/admin")))])
        {
            Assert.Equal((HttpStatusCode.Forbidden, "NoPermission"), (answer.Status, answer.Code));
            Assert.Equal("You are not authorized to do this action. You should be authorized by RAM.", answer.Message);
        }
    }

    [Fact]
    public async Task Lets_a_lent_key_assume_a_role_where_its_policies_allow_it()
    {
        await using var sts = await TestSts.StartAsync();
        var lent = (await sts.RpcAsync(TestSts.AssumeRole())).Key;
        var narrow = (await sts.RpcAsync(TestSts.AssumeRole(("Policy", UploadsOnly)))).Key;

        Assert.True((await sts.RpcAsync(TestSts.AssumeRole(), lent)).Key.IsTemporary);
        Assert.True((await sts.Acs3Async(TestSts.AssumeRole(), lent)).Key.IsTemporary);
        Assert.Equal("NoPermission", (await sts.RpcAsync(TestSts.AssumeRole(), narrow)).Code);
        Assert.Equal("MissingSecurityToken", (await sts.RpcAsync(TestSts.AssumeRole(), lent with { SecurityToken = null })).Code);
        Assert.Equal("InvalidSecurityToken.MismatchWithAccessKey", (await sts.RpcAsync(TestSts.AssumeRole(), lent with { SecurityToken = narrow.SecurityToken })).Code);
        Assert.Equal("InvalidSecurityToken.Malformed", (await sts.Acs3Async(TestSts.AssumeRole(), lent with { SecurityToken = "CAISx" })).Code);
        Assert.Equal("InvalidSecurityToken.Malformed", (await sts.RpcAsync(TestSts.AssumeRole(), TestSts.User with { SecurityToken = "x" })).Code);

        sts.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("InvalidSecurityToken.Expired", (await sts.RpcAsync(TestSts.AssumeRole(), lent)).Code);
    }

    [Fact]
    public async Task Is_nowhere_unless_asked_for()
    {
        await using var oss = await TestOss.StartAsync();
        Assert.Null(oss.Emulator.StsEndpoint);
    }

    [Fact]
    public async Task Leaves_OSS_where_it_is()
    {
        await using var sts = await TestSts.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        Assert.NotEqual(sts.Url, sts.Emulator.Endpoint);
        Assert.Equal("InvalidAction.NotFound", (await sts.SendAsync("GET", "Format=JSON", null, [], path: "/examplebucket/a")).Code);
        Assert.Equal("AccessDenied", OssError.Parse(await http.GetStringOfAnyAsync(sts.Emulator.Endpoint + "/examplebucket/a?Action=AssumeRole"), 403, null).Code);
    }
}

internal static class HttpClientExtensions
{
    public static async Task<string> GetStringOfAnyAsync(this HttpClient http, string url)
    {
        using var response = await http.GetAsync(new Uri(url));
        return await response.Content.ReadAsStringAsync();
    }
}
