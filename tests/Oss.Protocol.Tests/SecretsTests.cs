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
}
