using Microsoft.Extensions.Time.Testing;

namespace Oss.Protocol.Tests;

/// <summary>The key, region, bucket and moment that tests use where these do not matter.</summary>
internal static class Some
{
    public const string Region = "cn-hangzhou";
    public const string Bucket = "examplebucket";

    public static readonly AccessKey Key = new("LTAIfakeAccessKeyId00001", "FakeSecretForTests0000000000001");
    public static readonly AccessKey TemporaryKey = new("STS.NTfakeTemporaryKeyId02", "FakeSecretForTests0000000000002", "CAISsimpletoken");
    public static readonly DateTimeOffset Time = new(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly OssEndpoint Endpoint = OssEndpoint.Parse("oss-cn-hangzhou.aliyuncs.com");

    public static V4Verifier Verifier(AccessKey key, DateTimeOffset? now = null, string region = Region) =>
        new(region, id => id == key.Id ? key : null, new FakeTimeProvider(now ?? Time));

    public static V1Verifier V1Verifier(AccessKey key, DateTimeOffset? now = null) =>
        new(id => id == key.Id ? key : null, new FakeTimeProvider(now ?? Time));
}
