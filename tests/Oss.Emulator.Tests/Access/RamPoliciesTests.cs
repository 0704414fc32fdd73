using Oss.Emulator.Access;
using Oss.Emulator.Sts;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Access;

public sealed class RamPoliciesTests
{
    private const string Role = "acs:ram::1:role/uploader";
    private const string Uploads = """{"Version":"1","Statement":{"Effect":"Allow","Action":"oss:Put*","Resource":"*"}}""";
    private const string Object = "acs:oss:r:1:b/k";
    private static readonly AccessKey Key = new("LTAIa", "secret");
    private static readonly PolicyContext Context = new(DateTimeOffset.UnixEpoch);

    private static OssEmulatorOptions Options(Dictionary<string, string>? keys = null, Dictionary<string, string>? roles = null) =>
        new() { DataFolder = "unused", AccessKeys = [Key, new AccessKey("LTAIb", "secret")], AccessKeyPolicies = keys ?? [], RolePolicies = roles };

    [Fact]
    public void A_key_without_a_policy_may_do_everything()
    {
        var policies = new RamPolicies(Options(new() { ["LTAIa"] = Uploads }));

        Assert.Equal((true, false), (policies.OfKey("LTAIa").Allows("oss:PutObject", Object, Context), policies.OfKey("LTAIa").Allows("oss:GetObject", Object, Context)));
        Assert.True(policies.OfKey("LTAIb").Allows("oss:GetObject", Object, Context));
    }

    [Fact]
    public void Every_role_exists_until_some_are_named()
    {
        Assert.True(new RamPolicies(Options()).HasRole(Role));
        Assert.True(new RamPolicies(Options(roles: [])).HasRole(Role));
        Assert.True(new RamPolicies(Options(roles: new() { [Role] = Uploads })).HasRole(Role));
        Assert.False(new RamPolicies(Options(roles: new() { [Role + "2"] = Uploads })).HasRole(Role));
    }

    [Fact]
    public void A_lent_key_has_the_rights_of_its_role_as_they_are_now_less_those_its_session_lacks()
    {
        Assert.True(RamPolicy.TryParse("""{"Version":"1","Statement":{"Effect":"Allow","Action":["oss:PutObject","oss:GetObject"],"Resource":"*"}}""", out var session, out _));
        var temporary = new TemporaryKeys(() => new byte[32]);
        var options = Options(roles: new() { [Role] = Uploads });
        var lent = temporary.Issue(
            Role, "alice", TimeSpan.FromHours(1), """{"Version":"1","Statement":{"Effect":"Allow","Action":["oss:PutObject","oss:GetObject"],"Resource":"*"}}""", options.Clock.GetUtcNow());

        var rights = new KeyRing(options, temporary, new RamPolicies(options)).Find(lent.AccessKeyId, lent.SecurityToken).Rights!;
        Assert.Equal(AccessDecision.Allowed, rights.Decide("oss:PutObject", Object, Context));
        Assert.Equal(AccessDecision.RefusedBySession, rights.Decide("oss:PutObjectAcl", Object, Context));
        Assert.Equal(AccessDecision.NotAllowed, rights.Decide("oss:GetObject", Object, Context));

        var later = new RamPolicies(Options(roles: new() { [Role + "2"] = Uploads }));
        Assert.Equal(AccessDecision.NotAllowed, later.OfRole(Role, session).Decide("oss:PutObject", Object, Context));
    }

    [Fact]
    public void Policies_can_be_changed_and_count_at_once()
    {
        var policies = new RamPolicies(Options());
        policies.SetOfKey("LTAIa", Uploads);
        policies.SetOfRole(Role, Uploads);
        Assert.Equal((true, false), (policies.OfKey("LTAIa").Allows("oss:PutObject", Object, Context), policies.OfKey("LTAIa").Allows("oss:GetObject", Object, Context)));
        Assert.Equal((true, false), (policies.HasRole(Role), policies.HasRole(Role + "2")));
        Assert.False(policies.OfRole(Role, null).Allows("oss:GetObject", Object, Context));

        policies.SetOfRole(Role, """{"Version":"1","Statement":{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}}""");
        Assert.True(policies.OfRole(Role, null).Allows("oss:GetObject", Object, Context));
        Assert.Contains("LTAIz", Assert.Throws<ArgumentException>(() => policies.SetOfKey("LTAIz", Uploads)).Message, StringComparison.Ordinal);
        Assert.Contains(Role, Assert.Throws<ArgumentException>(() => policies.SetOfRole(Role, "{}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_keys_by_id_and_token()
    {
        var options = new OssEmulatorOptions { DataFolder = "unused", AccessKeys = [Key, new AccessKey("STS.x", "secret", "token")] };
        var keys = new KeyRing(options, new TemporaryKeys(() => new byte[32]), new RamPolicies(options));

        Assert.Equal((KeyStatus.Valid, Key), (keys.Find("LTAIa", null).Status, keys.Find("LTAIa", "").Key));
        Assert.Equal(KeyStatus.TokenMalformed, keys.Find("LTAIa", "token").Status);
        Assert.Equal(KeyStatus.Valid, keys.Find("STS.x", "token").Status);
        Assert.Equal(KeyStatus.TokenMissing, keys.Find("STS.x", null).Status);
        Assert.Equal(KeyStatus.TokenMalformed, keys.Find("STS.x", "Token").Status);
        Assert.Equal(KeyStatus.Unknown, keys.Find("LTAIc", null).Status);
    }

    [Fact]
    public void Refuses_keys_in_the_words_of_OSS()
    {
        var options = Options(new() { ["LTAIa"] = Uploads });
        var temporary = new TemporaryKeys(() => new byte[32]);
        var keys = new KeyRing(options, temporary, new RamPolicies(options));
        var now = options.Clock.GetUtcNow();
        var (lent, ended) = (temporary.Issue(Role, "alice", TimeSpan.FromHours(1), null, now), temporary.Issue(Role, "alice", TimeSpan.FromHours(1), null, now.AddHours(-2)));
        string? Code(string id, string? token) => keys.LookUp(id, token).Error is { HttpStatus: 403 } error ? error.Code : null;

        Assert.Equal(lent.AccessKeySecret, keys.LookUp(lent.AccessKeyId, lent.SecurityToken).Key!.Secret);
        Assert.Equal("InvalidAccessKeyId", Code("LTAIc", null));
        Assert.Equal("InvalidSecurityToken", Code(lent.AccessKeyId, null));
        Assert.Equal("InvalidSecurityToken", Code(lent.AccessKeyId, ended.SecurityToken));
        Assert.Equal("InvalidSecurityToken", Code(lent.AccessKeyId, "x"));
        Assert.Equal("InvalidSecurityToken", Code("LTAIa", lent.SecurityToken));
        Assert.Equal("SecurityTokenExpired", Code(ended.AccessKeyId, ended.SecurityToken));
        Assert.Equal("The security token you provided has expired.", keys.LookUp(ended.AccessKeyId, ended.SecurityToken).Error!.Message);

        Assert.True(keys.RightsOf(new AccessKey(lent.AccessKeyId, lent.AccessKeySecret, lent.SecurityToken)).Allows("oss:GetObject", Object, Context));
        Assert.False(keys.RightsOf(Key).Allows("oss:GetObject", Object, Context));
        Assert.False(keys.RightsOf(new AccessKey(ended.AccessKeyId, ended.AccessKeySecret, ended.SecurityToken)).Allows("oss:GetObject", Object, Context));
    }

    [Fact]
    public void Names_the_policy_that_stops_a_start()
    {
        Assert.Contains("LTAIa", Assert.Throws<ArgumentException>(() => Options(new() { ["LTAIa"] = "{}" }).Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("LTAIz", Assert.Throws<ArgumentException>(() => Options(new() { ["LTAIz"] = Uploads }).Validate()).Message, StringComparison.Ordinal);
        Assert.Contains(Role, Assert.Throws<ArgumentException>(() => Options(roles: new() { [Role] = "x" }).Validate()).Message, StringComparison.Ordinal);
    }
}
