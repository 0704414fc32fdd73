using System.Net;
using System.Text.Json;
using Oss.Emulator.Access;

namespace Oss.Emulator.Tests.Access;

public sealed class RamPolicyTests
{
    private const string Object = "acs:oss:cn-hangzhou:1234567890123456:examplebucket/user/42/a.txt";
    private const string Anything = """{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""";

    private static readonly PolicyContext Context = new(new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero))
    {
        SourceIp = IPAddress.Parse("192.168.7.9"),
        UserAgent = "aliyun-sdk-js/6.23.0",
        Prefix = "user/42/",
        Delimiter = "",
    };

    private static RamPolicy Policy(params string[] statements) => Parse($$"""{"Version":"1","Statement":[{{string.Join(',', statements)}}]}""");

    private static RamPolicy Parse(string json) => RamPolicy.TryParse(json, out var policy, out var fault) ? policy : throw fault;

    private static string Statement(string effect, string action, string resource, string? condition = null) =>
        $$"""{"Effect":"{{effect}}","Action":"{{action}}","Resource":"{{resource}}"{{(condition is null ? "" : ",\"Condition\":" + condition)}}}""";

    [Theory]
    [InlineData("oss:PutObject", true)]
    [InlineData("OSS:putobject", true)]
    [InlineData("oss:*", true)]
    [InlineData("oss:Put*", true)]
    [InlineData("oss:Put??ject", true)]
    [InlineData("*:PutObject", true)]
    [InlineData("*", true)]
    [InlineData("oss:PutObjectAcl", false)]
    [InlineData("oss:Put", false)]
    [InlineData("oss:Put?", false)]
    [InlineData("ecs:*", false)]
    public void Compares_actions_with_wildcards_and_without_case(string action, bool allowed) =>
        Assert.Equal(allowed, Policy(Statement("Allow", action, "*")).Allows("oss:PutObject", Object, Context));

    [Theory]
    [InlineData("*", true)]
    [InlineData("acs:oss:*:*:*", true)]
    [InlineData("acs:oss:*:*:examplebucket/*", true)]
    [InlineData("acs:oss:*:*:examplebucket/user/42/*", true)]
    [InlineData("acs:oss:*:*:examplebucket/user/??/a.txt", true)]
    [InlineData("acs:oss:*:*:*bucket*.txt", true)]
    [InlineData("acs:oss:cn-hangzhou:1234567890123456:examplebucket/user/42/a.txt", true)]
    [InlineData("acs:*:*:*:*", true)]
    [InlineData("acs:oss:cn-shanghai:*:examplebucket/*", false)]
    [InlineData("acs:oss:*:1:examplebucket/*", false)]
    [InlineData("acs:oss:*:*:examplebucket", false)]
    [InlineData("acs:oss:*:*:examplebucket/user/4/*", false)]
    [InlineData("acs:oss:*:*:Examplebucket/*", false)]
    [InlineData("acs:oss:*:*:examplebucket/user/42/A.txt", false)]
    [InlineData("acs:oss:*:*:examplebucket/user/42/a.txt?", false)]
    [InlineData("acs:ecs:*:*:*", false)]
    public void Compares_resources_with_wildcards_and_with_case(string resource, bool allowed) =>
        Assert.Equal(allowed, Policy(Statement("Allow", "oss:PutObject", resource)).Allows("oss:PutObject", Object, Context));

    [Theory]
    [InlineData("a:b:c.txt", "acs:oss:*:*:examplebucket/a:*", true)]
    [InlineData("a/../b", "acs:oss:*:*:examplebucket/a/*", true)]
    [InlineData("中文/😀", "acs:oss:*:*:examplebucket/中文/*", true)]
    [InlineData("a b+%", "acs:oss:*:*:examplebucket/a b+%", true)]
    [InlineData("*", "acs:oss:*:*:examplebucket/a", false)]
    [InlineData("a*", "acs:oss:*:*:examplebucket/ab", false)]
    public void Takes_keys_as_they_are(string key, string resource, bool allowed) =>
        Assert.Equal(allowed, Policy(Statement("Allow", "*", resource)).Allows("oss:GetObject", ResourceName.Oss("r", "1", "examplebucket", key), Context));

    [Fact]
    public void Denies_what_no_statement_allows() =>
        Assert.Equal(PolicyDecision.NotAllowed, Policy(Statement("Allow", "oss:GetObject", "*")).Decide("oss:PutObject", Object, Context));

    [Fact]
    public void Denies_what_one_statement_denies_wherever_it_stands()
    {
        var (allow, deny) = (Statement("Allow", "oss:*", "*"), Statement("Deny", "oss:Put*", "acs:oss:*:*:examplebucket/user/*"));

        Assert.Equal(PolicyDecision.Denied, Policy(allow, deny).Decide("oss:PutObject", Object, Context));
        Assert.Equal(PolicyDecision.Denied, Policy(deny, allow).Decide("oss:PutObject", Object, Context));
        Assert.Equal(PolicyDecision.Allowed, Policy(deny, allow).Decide("oss:GetObject", Object, Context));
    }

    [Theory]
    [InlineData("oss:PutObject", Object, false)]
    [InlineData("oss:DeleteObject", Object, true)]
    [InlineData("oss:DeleteObject", "acs:oss:r:1:otherbucket/a", false)]
    public void Understands_all_but(string action, string resource, bool allowed)
    {
        var policy = Parse("""{"Version":"1","Statement":[{"Effect":"Allow","NotAction":["oss:Put*","oss:Get*"],"NotResource":"acs:oss:*:*:otherbucket/*"}]}""");
        Assert.Equal(allowed, policy.Allows(action, resource, Context));
    }

    [Theory]
    [InlineData("""{"StringEquals":{"oss:Prefix":["x","user/42/"]}}""", true)]
    [InlineData("""{"StringEquals":{"oss:Prefix":"User/42/"}}""", false)]
    [InlineData("""{"StringEqualsIgnoreCase":{"oss:Prefix":"User/42/"}}""", true)]
    [InlineData("""{"StringNotEquals":{"oss:Prefix":["x","user/42/"]}}""", false)]
    [InlineData("""{"StringNotEquals":{"oss:Prefix":["x","y"]}}""", true)]
    [InlineData("""{"StringNotEqualsIgnoreCase":{"oss:Prefix":"USER/42/"}}""", false)]
    [InlineData("""{"StringLike":{"oss:Prefix":["","user/42/*"],"oss:Delimiter":["","/"]}}""", true)]
    [InlineData("""{"StringLike":{"oss:Prefix":"user/42/*","oss:Delimiter":"/"}}""", false)]
    [InlineData("""{"StringNotLike":{"acs:UserAgent":"*sdk-js*"}}""", false)]
    [InlineData("""{"StringLike":{"oss:x-oss-object-acl":"*"}}""", false)]
    [InlineData("""{"StringNotEquals":{"oss:x-oss-object-acl":"public-read"}}""", true)]
    [InlineData("""{"IpAddress":{"acs:SourceIp":["10.0.0.0/8","192.168.0.0/16"]}}""", true)]
    [InlineData("""{"IpAddress":{"acs:SourceIp":"192.168.7.8"}}""", false)]
    [InlineData("""{"IpAddress":{"acs:SourceIp":"192.168.7.255/28"}}""", false)]
    [InlineData("""{"IpAddress":{"acs:SourceIp":"192.168.7.15/28"}}""", true)]
    [InlineData("""{"IpAddress":{"acs:SourceIp":"::/0"}}""", false)]
    [InlineData("""{"NotIpAddress":{"acs:SourceIp":"192.168.0.0/16"}}""", false)]
    [InlineData("""{"Bool":{"acs:SecureTransport":"true"}}""", false)]
    [InlineData("""{"Bool":{"acs:SecureTransport":false}}""", true)]
    [InlineData("""{"DateLessThan":{"acs:CurrentTime":"2025-06-01T12:00:01Z"}}""", true)]
    [InlineData("""{"DateLessThan":{"acs:CurrentTime":"2025-06-01T20:00:00+08:00"}}""", false)]
    [InlineData("""{"DateLessThanEquals":{"acs:CurrentTime":"2025-06-01T20:00:00+08:00"}}""", true)]
    [InlineData("""{"DateGreaterThan":{"acs:CurrentTime":"2025-06-01T11:59:59Z"}}""", true)]
    [InlineData("""{"DateGreaterThan":{"acs:CurrentTime":"2025-06-01T11:00:00Z"},"Bool":{"acs:SecureTransport":"true"}}""", false)]
    [InlineData("""{"NumericLessThan":{"oss:Delimiter":"5"}}""", false)]
    public void Holds_to_conditions(string condition, bool allowed) =>
        Assert.Equal(allowed, Policy(Statement("Allow", "*", "*", condition)).Allows("oss:ListObjects", Object, Context));

    [Theory]
    [InlineData("NumericEquals", "10", true)]
    [InlineData("NumericEquals", "10.0", true)]
    [InlineData("NumericNotEquals", "10", false)]
    [InlineData("NumericLessThan", "10", false)]
    [InlineData("NumericLessThan", "11", true)]
    [InlineData("NumericLessThanEquals", "10", true)]
    [InlineData("NumericGreaterThan", "9", true)]
    [InlineData("NumericGreaterThan", "10", false)]
    [InlineData("NumericGreaterThanEquals", "10", true)]
    public void Compares_numbers_as_numbers(string @operator, string limit, bool holds)
    {
        var condition = PolicyCondition.Create(@operator, "oss:Prefix", [limit]);
        Assert.Equal(holds, condition.Holds(Context with { Prefix = "10" }));
    }

    [Fact]
    public void Takes_an_IPv4_address_in_IPv6_for_what_it_is()
    {
        var condition = PolicyCondition.Create("IpAddress", "acs:SourceIp", ["127.0.0.0/8"]);
        Assert.True(condition.Holds(Context with { SourceIp = IPAddress.Parse("::ffff:127.0.0.1") }));
        Assert.False(condition.Holds(Context with { SourceIp = IPAddress.Parse("::1") }));
        Assert.False(condition.Holds(Context with { SourceIp = null }));
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "object")]
    [InlineData("""{"Statement":[]}""", "Version")]
    [InlineData("""{"Version":1,"Statement":[]}""", "Version")]
    [InlineData("""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""", "Version")]
    [InlineData("""{"Version":"1"}""", "Statement")]
    [InlineData("""{"Version":"1","Statement":[]}""", "Statement")]
    [InlineData("""{"Version":"1","Statement":["x"]}""", "statement")]
    [InlineData("""{"Version":"1","Id":"x","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""", "Id")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"allow","Action":"*","Resource":"*"}}""", "Effect")]
    [InlineData("""{"Version":"1","Statement":{"Action":"*","Resource":"*"}}""", "Effect")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Resource":"*"}}""", "Action")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*"}}""", "Resource")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","NotAction":"oss:*","Resource":"*"}}""", "NotAction")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}""", "Action")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":[1],"Resource":"*"}}""", "Action")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"PutObject","Resource":"*"}}""", "PutObject")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"examplebucket/*"}}""", "examplebucket/*")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"acs:oss:*:examplebucket"}}""", "acs:oss:*:examplebucket")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}}""", "Principal")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":[]}}""", "Condition")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringIs":{"oss:Prefix":"a"}}}}""", "StringIs")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"oss:Prefix":[]}}}}""", "oss:Prefix")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"yes"}}}}""", "yes")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"acs:SourceIp":"10.0.0.0/33"}}}}""", "10.0.0.0/33")]
    [InlineData("""{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"DateLessThan":{"acs:CurrentTime":"2025-06-01T12:00:00"}}}}""", "2025")]
    [InlineData("""{"Version":"1","Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""", "JSON")]
    public void Names_what_is_wrong_with_a_policy(string json, string named)
    {
        Assert.False(RamPolicy.TryParse(json, out _, out var fault));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
        Assert.False(fault.IsUnsupported);
    }

    [Fact]
    public void Does_not_pretend_to_know_a_condition_key()
    {
        Assert.False(RamPolicy.TryParse(
            """{"Version":"1","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"oss:ExistingObjectTag/a":"b"}}}}""", out _, out var fault));
        Assert.True(fault.IsUnsupported);
        Assert.Contains("oss:ExistingObjectTag/a", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_policies_in_size_and_depth()
    {
        Assert.True(RamPolicy.TryParse(Anything.PadRight(RamPolicy.MaxLength), out _, out _));
        Assert.False(RamPolicy.TryParse(Anything.PadRight(RamPolicy.MaxLength + 1), out _, out _));
        Assert.False(RamPolicy.TryParse(new string('[', 3000) + new string(']', 3000), out _, out _));
        Assert.False(RamPolicy.TryParse("""{"Version":"1","Statement":{"Effect":"Allow","Action":"\ud800","Resource":"*"}}""", out _, out _));
    }

    [Fact]
    public void Compares_hostile_patterns_in_bounded_time() =>
        Assert.False(Wildcard.Fits(string.Concat(Enumerable.Repeat("*a", 3000)) + "b", new string('a', 1023)));

    // CA5394: predictable numbers are what a test wants.
#pragma warning disable CA5394
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Rights_are_never_more_than_either_policy_allows(int seed)
    {
        var random = new Random(seed);
        string[] actions = ["oss:PutObject", "oss:GetObject", "oss:ListParts", "oss:Put*", "oss:*", "*"];
        string[] resources = ["acs:oss:*:*:b/x", "acs:oss:*:*:b/x*", "acs:oss:*:*:b/*", "acs:oss:*:*:c/*", "*"];
        string One(string[] of) => of[random.Next(of.Length)];
        RamPolicy Any() => Policy([.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["Effect"] = random.Next(3) == 0 ? "Deny" : "Allow",
            [random.Next(4) == 0 ? "NotAction" : "Action"] = One(actions),
            [random.Next(4) == 0 ? "NotResource" : "Resource"] = One(resources),
        }))]);

        var allowed = 0;
        for (var i = 0; i < 2000; i++)
        {
            var (own, session) = (Any(), Any());
            var (action, resource) = (One(actions[..3]), ResourceName.Oss("r", "1", One(["b", "c"]), One(["x", "xy", "y"])));
            var both = own.Allows(action, resource, Context) && session.Allows(action, resource, Context);

            Assert.Equal(both, new Rights(own, session).Allows(action, resource, Context));
            Assert.Equal(both, new Rights(session, own).Allows(action, resource, Context));
            Assert.Equal(own.Allows(action, resource, Context), new Rights(own).Allows(action, resource, Context));
            allowed += both ? 1 : 0;
        }

        Assert.InRange(allowed, 100, 1900);
    }
#pragma warning restore CA5394

    [Fact]
    public void Rights_tell_what_stands_against_it()
    {
        var (everything, reads, deny) = (Policy(Statement("Allow", "*", "*")), Policy(Statement("Allow", "oss:Get*", "*")), Policy(Statement("Deny", "oss:Put*", "*")));

        Assert.Equal(AccessDecision.Allowed, Rights.Unlimited.Decide("oss:PutObject", Object, Context));
        Assert.Equal(AccessDecision.NotAllowed, new Rights(reads, everything).Decide("oss:PutObject", Object, Context));
        Assert.Equal(AccessDecision.Denied, new Rights(deny, everything).Decide("oss:PutObject", Object, Context));
        Assert.Equal(AccessDecision.RefusedBySession, new Rights(everything, reads).Decide("oss:PutObject", Object, Context));
        Assert.Equal(AccessDecision.RefusedBySession, new Rights(null, deny).Decide("oss:PutObject", Object, Context));
    }
}
