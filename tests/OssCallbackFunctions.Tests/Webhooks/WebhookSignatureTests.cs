using System.Text;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    // The example that the libraries of Standard Webhooks are tested with.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();

    [Fact]
    public void Signs_the_published_example() => Assert.Equal(Signature, WebhookSignature.Sign(Id, Time, Body, [WebhookSignature.ParseSecret(Secret)]));

    [Fact]
    public void Signs_with_each_secret()
    {
        var other = new byte[32];
        var both = WebhookSignature.Sign(Id, Time, Body, [other, WebhookSignature.ParseSecret(Secret)]).Split(' ');
        Assert.Equal(2, both.Length);
        Assert.Equal(WebhookSignature.Sign(Id, Time, Body, [other]), both[0]);
        Assert.Equal(Signature, both[1]);
    }

    [Fact]
    public void Counts_whole_seconds() =>
        Assert.Equal(Signature, WebhookSignature.Sign(Id, Time.AddMilliseconds(999), Body, [WebhookSignature.ParseSecret(Secret)]));

    [Theory]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(23, false)]
    [InlineData(65, false)]
    [InlineData(0, false)]
    public void Takes_secrets_of_24_to_64_bytes(int bytes, bool expected)
    {
        Assert.Equal(expected, WebhookSignature.TryParseSecret("whsec_" + Convert.ToBase64String(new byte[bytes]), out var secret));
        Assert.Equal(expected ? bytes : null, secret?.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_*")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Refuses_what_is_no_secret(string text) => Assert.False(WebhookSignature.TryParseSecret(text, out _));

    [Fact]
    public void The_receiver_of_these_tests_checks_as_the_specification_says()
    {
        var headers = new Dictionary<string, string> { ["webhook-id"] = Id, ["webhook-timestamp"] = "1614265330", ["webhook-signature"] = $"v1,AAAA {Signature}" };
        Assert.True(new ReceivedDelivery("/", "POST", headers, Body).IsSigned(Secret));
        Assert.False(new ReceivedDelivery("/", "POST", headers, Encoding.UTF8.GetBytes("{}")).IsSigned(Secret));
    }
}
