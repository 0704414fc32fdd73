using Microsoft.Extensions.Time.Testing;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Sts;

/// <summary>A client whose keys come from STS and end while it is at work.</summary>
public sealed class RenewedKeysTests
{
    private const string Bucket = TestOss.BucketName;

    private static readonly byte[] Part = new byte[OssLimits.MinPartSize];
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private static OssClient Client(HttpClient http, TestSts sts, FakeTimeProvider clock)
    {
        var lender = new StsClient(http, sts.Url, TestSts.User, clock);
        var request = new AssumeRoleRequest(TestSts.Role, "alice") { Duration = Life };
        return new OssClient(http, OssEndpoint.Parse(sts.Emulator.Endpoint), new RenewedSigners(token => lender.AssumeRoleAsync(request, token), "cn-hangzhou", Life, clock, () => 0), clock, OssRetry.None);
    }

    private static List<string> Keys(TestSts sts) => [.. sts.Emulator.Requests.Select(request => request.AccessKeyId).OfType<string>().Distinct()];

    [Fact]
    public async Task Uploads_for_two_hours_with_keys_of_a_quarter_of_one_and_has_nothing_refused()
    {
        await using var sts = await TestSts.StartAsync();
        using var http = new HttpClient();
        var client = Client(http, sts, sts.Clock);
        var upload = await client.InitiateMultipartUploadAsync(Bucket, "k");
        var parts = new List<UploadedPart>();
        for (var number = 1; number <= 40; number++)
        {
            sts.Clock.Advance(TimeSpan.FromMinutes(3));
            parts.Add(await client.UploadPartAsync(Bucket, "k", upload, number, UploadBody.From(Part)));
        }

        await client.CompleteMultipartUploadAsync(Bucket, "k", upload, parts);
        Assert.All(sts.Emulator.Requests, request => Assert.Equal(200, request.Status));
        // Each serves to half of its life; the request that sees that has the old one still, or the new one already.
        Assert.InRange(Keys(sts).Count, 8, 20);
        Assert.Equal(40 * Part.Length, (await client.HeadObjectAsync(Bucket, "k"))!.Size);
    }

    [Fact]
    public async Task Goes_on_when_its_clock_is_behind_and_OSS_says_that_the_key_has_ended()
    {
        await using var sts = await TestSts.StartAsync();
        using var http = new HttpClient();
        var clock = new FakeTimeProvider(sts.Clock.GetUtcNow().AddMinutes(-10));
        var client = Client(http, sts, clock);
        var upload = await client.InitiateMultipartUploadAsync(Bucket, "k");
        var parts = new List<UploadedPart> { await client.UploadPartAsync(Bucket, "k", upload, 1, UploadBody.From(Part)) };

        // By the client's clock 24 of the key's 25 minutes are to come; by STS's it has a life of 15.
        sts.Clock.Advance(Life);
        clock.Advance(TimeSpan.FromMinutes(11));
        parts.Add(await client.UploadPartAsync(Bucket, "k", upload, 2, UploadBody.From(Part)));
        await client.CompleteMultipartUploadAsync(Bucket, "k", upload, parts);

        Assert.Equal("SecurityTokenExpired", Assert.Single(sts.Emulator.Requests, request => request.Status != 200).ErrorCode);
        Assert.Equal(2, Keys(sts).Count);
    }
}
