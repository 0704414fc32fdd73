namespace Oss.Protocol.Tests.Client;

/// <summary>What a client does when OSS refuses its key, and not its request.</summary>
public sealed class RefusedKeyTests
{
    private static RenewedSigners Signers(TestOss oss, params AccessKey[] keys)
    {
        var next = 0;
        return new RenewedSigners(
            _ => Task.FromResult(new TemporaryCredentials(keys[Math.Min(next++, keys.Length - 1)], oss.Clock.GetUtcNow().AddHours(1), "acs:ram::1:role/r/s", "3")),
            Some.Region, TimeSpan.FromHours(1), oss.Clock, () => 0);
    }

    [Theory]
    [InlineData("InvalidAccessKeyId")]
    [InlineData("SecurityTokenExpired")]
    [InlineData("InvalidSecurityToken")]
    public async Task Sends_the_same_request_again_with_another_key(string code)
    {
        await using var oss = await TestOss.StartAsync();
        oss.AnswerWith(TestOss.Refuse(new OssErrorCode(code, 403)), TestOss.Ok("<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>id</UploadId></InitiateMultipartUploadResult>"));

        // Of all requests the one that must not be repeated when nobody knows what became of it.
        Assert.Equal("id", await oss.Client(Signers(oss, Some.Key, Some.TemporaryKey)).InitiateMultipartUploadAsync(Some.Bucket, "k"));
        Assert.Contains("LTAIfake", oss.Requests[0].Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal(Some.TemporaryKey.Id, oss.Requests[1].Signature.Signer?.Id);
    }

    [Fact]
    public async Task Sends_a_body_again_from_its_first_byte()
    {
        await using var oss = await TestOss.StartAsync();
        oss.AnswerWith(TestOss.Refuse(OssErrorCode.SecurityTokenExpired), TestOss.Store);
        var part = await oss.Client(Signers(oss, Some.Key, Some.TemporaryKey)).UploadPartAsync(Some.Bucket, "k", "id", 1, UploadBody.From("hello"u8.ToArray()));
        Assert.Equal(Crc64.Compute("hello"u8), part.Crc64);
        Assert.Equal("hello"u8.ToArray(), oss.Requests[1].Body);
    }

    [Fact]
    public async Task Gives_up_when_the_other_key_is_refused_too()
    {
        await using var oss = await TestOss.StartAsync();
        oss.AnswerWith(TestOss.Refuse(OssErrorCode.InvalidAccessKeyId));
        await Assert.ThrowsAsync<AccessKeyUnavailableException>(() => oss.Client(Signers(oss, Some.Key, Some.TemporaryKey)).DeleteObjectAsync(Some.Bucket, "k"));
        Assert.Equal(2, oss.Requests.Count);
    }

    [Fact]
    public async Task Gives_up_at_once_with_the_only_key_there_is_and_when_the_key_is_not_what_is_refused()
    {
        await using var oss = await TestOss.StartAsync();
        oss.AnswerWith(TestOss.Refuse(OssErrorCode.InvalidAccessKeyId), TestOss.Refuse(OssErrorCode.AccessDenied));
        await Assert.ThrowsAsync<OssException>(() => oss.Client(new V4Signer(Some.Key, Some.Region)).DeleteObjectAsync(Some.Bucket, "k"));
        await Assert.ThrowsAsync<OssException>(() => oss.Client(Signers(oss, Some.Key, Some.TemporaryKey)).DeleteObjectAsync(Some.Bucket, "k"));
        Assert.Equal(2, oss.Requests.Count);
    }

    [Fact]
    public async Task Takes_a_denial_for_an_ended_token_as_one_of_the_key()
    {
        await using var oss = await TestOss.StartAsync();
        var denial = new OssError(OssErrorCode.AccessDenied, "The security token has expired.");
        oss.AnswerWith(TestOss.Status(403, denial.ToXml("5C3D8D2A0ACA54D87B43C048", "host")), TestOss.Store);
        await oss.Client(Signers(oss, Some.Key, Some.TemporaryKey)).PutObjectAsync(Some.Bucket, "k", UploadBody.From("hello"u8.ToArray()));
        Assert.Equal(2, oss.Requests.Count);
    }
}
