using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Oss.Protocol;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Tests.Credentials;

public sealed class UploadCredentialIssuerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task Asks_for_the_size_of_a_presigned_PUT_when_less_than_OSSs_own_limit_is_allowed()
    {
        var issuer = Issuer(new UploadOptions { MaxSize = 1000 });
        Assert.Equal("invalid_size", (await issuer.PresignPutAsync(new() { Key = "k" })).Problem?.Code);
        Assert.Equal("invalid_size", (await issuer.PresignPutAsync(new() { Key = "k", Size = 1001 })).Problem?.Code);
        Assert.Contains("x-oss-additional-headers=content-length", (await issuer.PresignPutAsync(new() { Key = "k", Size = 1000 })).Value!.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bounds_a_form_by_the_largest_size_allowed()
    {
        var form = (await Issuer(new UploadOptions { MaxSize = 1000 }).SignFormAsync(new() { Key = "k" })).Value!;
        using var policy = JsonDocument.Parse(Convert.FromBase64String(form.Fields["policy"]));
        var range = policy.RootElement.GetProperty("conditions").EnumerateArray().Single(condition => condition.ValueKind == JsonValueKind.Array);
        Assert.Equal("""["content-length-range",0,1000]""", range.GetRawText());
    }

    [Theory]
    [InlineData(null, "7.00:00:00")]
    [InlineData("token", "12:00:00")]
    public async Task Lends_for_no_longer_than_OSS_accepts(string? token, string expected)
    {
        var issuer = Issuer(new UploadOptions { Lifetime = TimeSpan.FromDays(7) }, token);
        var lifetime = TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Now + lifetime, (await issuer.PresignPutAsync(new() { Key = "k" })).Value!.Expires);
        Assert.Equal(Now + lifetime, (await issuer.SignFormAsync(new() { Key = "k" })).Value!.Expires);
    }

    [Fact]
    public async Task An_order_that_is_lent_again_is_over_at_the_same_time()
    {
        var clock = new FakeTimeProvider(Now);
        var issuer = Issuer(new UploadOptions { Lifetime = TimeSpan.FromMinutes(15), MaxUploadTime = TimeSpan.FromMinutes(30) }, clock: clock);
        var first = (await issuer.FormOfAsync(issuer.Order(new() { Key = "k" }, null, "id", Now).Value!)).Value!;
        clock.Advance(TimeSpan.FromMinutes(20));
        var second = (await issuer.FormOfAsync(issuer.Order(new() { Key = "k" }, null, "id", Now).Value!)).Value!;
        clock.Advance(TimeSpan.FromMinutes(20));
        var third = (await issuer.FormOfAsync(issuer.Order(new() { Key = "k" }, null, "id", Now).Value!)).Value!;
        Assert.Equal([Now.AddMinutes(15), Now.AddMinutes(35), Now.AddMinutes(45)], [first.Expires, second.Expires, third.Expires]);
        Assert.All([first, second, third], form => Assert.Equal(Now.AddMinutes(45), form.Entry!.Expires));
    }

    [Fact]
    public async Task Lets_credentials_replace_objects_only_when_told_to()
    {
        var put = (await Issuer(new UploadOptions { ForbidOverwrite = false }).PresignPutAsync(new() { Key = "k" })).Value!;
        Assert.Equal(["Content-Type"], put.Headers.Keys);
    }

    private static UploadCredentialIssuer Issuer(UploadOptions options, string? token = null, FakeTimeProvider? clock = null)
    {
        clock ??= new FakeTimeProvider(Now);
        var secret = Options.Create(new GrantOptions { Secret = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('s', 32))) });
        var grants = new UploadGrants(secret, clock);
        return new UploadCredentialIssuer(
            Options.Create(options), Options.Create(new OssOptions { Bucket = "examplebucket" }), new V4Signer(new AccessKey("id", "secret", token), "cn-hangzhou"),
            OssEndpoint.Parse("https://oss-cn-hangzhou.aliyuncs.com"),
            new CallbackAddress(Options.Create(new CallbackAddressOptions { PublicBaseUrl = "https://fn.example.com" }), grants), clock, new UploadIds(secret));
    }
}
