using System.Security.Cryptography;
using Oss.Emulator.Access;
using Oss.Emulator.Sts;

namespace Oss.Emulator.Tests.Sts;

public sealed class TemporaryKeysTests
{
    private const string Policy = """{"Version":"1","Statement":{"Effect":"Allow","Action":"oss:PutObject","Resource":"acs:oss:*:*:b/中文*"}}""";
    private static readonly DateTimeOffset Now = new(2025, 6, 1, 12, 0, 0, 500, TimeSpan.Zero);

    private static TemporaryKeys Keys(byte fill = 1) => new(() => [.. Enumerable.Repeat(fill, 32)]);

    private static StsCredentials Issue(TemporaryKeys keys, string? policy = Policy) => keys.Issue(TestSts.Role, "alice", TimeSpan.FromSeconds(900), policy, Now);

    [Fact]
    public void Knows_its_keys_again_by_the_secret_alone()
    {
        var lent = Issue(Keys());

        var found = Keys().Find(lent.AccessKeyId, lent.SecurityToken, Now);

        Assert.Equal((KeyStatus.Valid, TestSts.Role, "alice"), (found.Status, found.RoleArn, found.SessionName));
        Assert.Equal((lent.AccessKeyId, lent.AccessKeySecret, lent.SecurityToken), (found.Key!.Id, found.Key.Secret, found.Key.SecurityToken));
        Assert.Equal(new DateTimeOffset(2025, 6, 1, 12, 15, 0, TimeSpan.Zero), found.Expiration);
        Assert.Equal(found.Expiration, lent.Expiration);
        Assert.True(found.SessionPolicy!.Allows("oss:PutObject", ResourceName.Oss("r", "1", "b", "中文/a"), new PolicyContext(Now)));
        Assert.False(found.SessionPolicy.Allows("oss:GetObject", ResourceName.Oss("r", "1", "b", "中文/a"), new PolicyContext(Now)));
        Assert.Null(Keys().Find(Issue(Keys(), null).AccessKeyId, Issue(Keys(), null).SecurityToken, Now).SessionPolicy);
    }

    [Fact]
    public void Ends_with_its_last_second()
    {
        var lent = Issue(Keys());

        Assert.Equal(KeyStatus.Valid, Keys().Find(lent.AccessKeyId, lent.SecurityToken, lent.Expiration.AddTicks(-1)).Status);
        Assert.Equal(KeyStatus.Expired, Keys().Find(lent.AccessKeyId, lent.SecurityToken, lent.Expiration).Status);
    }

    [Fact]
    public void Tells_strangers_from_its_own()
    {
        var (lent, other) = (Issue(Keys()), Issue(Keys()));
        var last = lent.AccessKeyId[^1] == 'A' ? 'B' : 'A';

        Assert.Equal(KeyStatus.Unknown, Keys(2).Find(lent.AccessKeyId, lent.SecurityToken, Now).Status);
        Assert.Equal(KeyStatus.Unknown, Keys().Find(lent.AccessKeyId[..^1] + last, lent.SecurityToken, Now).Status);
        Assert.Equal(KeyStatus.Unknown, Keys().Find("LTAIabc", lent.SecurityToken, Now).Status);
        Assert.Equal(KeyStatus.Unknown, Keys().Find("", null, Now).Status);
        Assert.Equal(KeyStatus.TokenMissing, Keys().Find(lent.AccessKeyId, null, Now).Status);
        Assert.Equal(KeyStatus.TokenMissing, Keys().Find(lent.AccessKeyId, "", Now).Status);
        Assert.Equal(KeyStatus.TokenOfAnother, Keys().Find(lent.AccessKeyId, other.SecurityToken, Now).Status);
        Assert.NotEqual((lent.AccessKeyId, lent.AccessKeySecret, lent.SecurityToken), (other.AccessKeyId, other.AccessKeySecret, other.SecurityToken));
    }

    [Fact]
    public void No_byte_of_a_token_can_be_changed()
    {
        var lent = Issue(Keys());
        var bytes = Convert.FromBase64String(lent.SecurityToken[4..]);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.Equal(KeyStatus.TokenMalformed, Keys().Find(lent.AccessKeyId, "CAIS" + Convert.ToBase64String(bytes), Now).Status);
            bytes[i] ^= 1;
        }

        Assert.All(
            (string[])["x", "CAIS", "CAIS!!", "CAISAAAA", lent.SecurityToken[..^4], lent.SecurityToken + "AAAA", lent.SecurityToken[4..], " " + lent.SecurityToken],
            token => Assert.Equal(KeyStatus.TokenMalformed, Keys().Find(lent.AccessKeyId, token, Now).Status));
    }

    [Fact]
    public async Task Outlives_a_restart_and_nothing_else()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        var elsewhere = Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        try
        {
            Oss.Protocol.AccessKey lent;
            await using (var before = await TestSts.StartAsync(folder))
            {
                lent = (await before.RpcAsync(TestSts.AssumeRole())).Key;
            }

            await using (var after = await TestSts.StartAsync(folder))
            {
                Assert.True((await after.RpcAsync(TestSts.AssumeRole(), lent)).Key.IsTemporary);
            }

            await using var other = await TestSts.StartAsync(elsewhere);
            Assert.Equal("InvalidAccessKeyId.NotFound", (await other.RpcAsync(TestSts.AssumeRole(), lent)).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public void Makes_no_secret_before_it_is_needed()
    {
        var made = 0;
        var keys = new TemporaryKeys(() =>
        {
            made++;
            return RandomNumberGenerator.GetBytes(32);
        });

        keys.Find("LTAIabc", null, Now);
        Assert.Equal(0, made);
        keys.Find(Issue(keys).AccessKeyId, null, Now);
        Assert.Equal(1, made);
    }

    [Fact]
    public void Text_of_credentials_is_the_id_alone()
    {
        var lent = Issue(Keys());
        Assert.Equal($"AccessKey {lent.AccessKeyId}", $"{lent}");
    }
}
