namespace Oss.Protocol.Tests;

/// <summary>What gets into a log by accident must not be a credential.</summary>
public sealed class SecretsTests
{
    [Fact]
    public void Text_of_a_key_is_its_id_alone() => Assert.Equal("AccessKey STS.NTfakeTemporaryKeyId02", $"{Some.TemporaryKey}");

    [Fact]
    public void Text_of_a_presigned_URL_is_method_and_expiry()
    {
        var presigned = new V4Signer(Some.TemporaryKey, Some.Region).Presign(new OssRequest("PUT", Some.Bucket, "key"), Some.Endpoint, Some.Time, TimeSpan.FromHours(1));
        Assert.Equal("Presigned PUT until 2025-01-02T04:04:05.0000000+00:00", $"{presigned}");
    }

    [Fact]
    public void Text_of_a_form_is_its_expiry()
    {
        var form = PostForm.Sign(new V4Signer(Some.TemporaryKey, Some.Region), Some.Endpoint, Some.Bucket, [new("key", "k")], 0, 1, Some.Time, TimeSpan.FromHours(1));
        Assert.Equal("PostForm until 2025-01-02T04:04:05.0000000+00:00", $"{form}");
    }

    [Fact]
    public void Text_of_what_STS_lent_is_whose_it_is_and_until_when() => Assert.Equal(
        "AccessKey STS.NTfakeTemporaryKeyId02 of acs:ram::1:role/r/s until 2025-01-02T03:04:05.0000000+00:00",
        $"{new TemporaryCredentials(Some.TemporaryKey, Some.Time, "acs:ram::1:role/r/s", "3:s")}");

    [Fact]
    public void Text_of_a_request_for_a_role_is_role_and_session() => Assert.Equal(
        "AssumeRole acs:ram::1:role/r as session", $"{new AssumeRoleRequest("acs:ram::1:role/r", "session") { Policy = "policy", ExternalId = "external" }}");
}
