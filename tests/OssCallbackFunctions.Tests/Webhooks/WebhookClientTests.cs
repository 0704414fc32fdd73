using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.Tests.Webhooks;

/// <summary>Single attempts at a receiver that behaves well or badly.</summary>
public sealed class WebhookClientTests : IAsyncLifetime
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Previous = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Now);
    private readonly HttpClient _http = OutboundHttp.Client();
    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Posts_the_event_to_the_letter_and_signs_it_with_both_secrets()
    {
        var body = """{"subject":"中文 \u002B/../%.bin"}"""u8.ToArray();
        Assert.Equal(new WebhookReply(null, 204), await PostAsync(_receiver.BaseUrl + "/good?token=a%2Fb", body));
        var delivery = Assert.Single(_receiver.Received("/good", "id-1.verified"));
        Assert.Equal("POST", delivery.Method);
        Assert.Equal(body, delivery.Body);
        Assert.Equal("application/cloudevents+json", delivery.Headers["Content-Type"]);
        Assert.Equal(Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), delivery.Headers["webhook-timestamp"]);
        Assert.True(delivery.IsSigned(Secret));
        Assert.True(delivery.IsSigned(Previous));
        Assert.False(delivery.IsSigned("whsec_" + Convert.ToBase64String("another secret of 32 bytes, same"u8)));
    }

    [Fact]
    public async Task Follows_no_redirect()
    {
        Assert.Equal(new WebhookReply("redirected", 308), await PostAsync(_receiver.BaseUrl + "/moved"));
        Assert.Empty(_receiver.Received("/elsewhere", "id-1.verified"));
    }

    [Fact]
    public async Task Tells_apart_what_may_pass_and_what_is_final()
    {
        Assert.Equal(new WebhookReply("refused", 500), await PostAsync(_receiver.BaseUrl + "/down"));
        Assert.Equal(new WebhookReply("gone", 410, IsFinal: true), await PostAsync(_receiver.BaseUrl + "/gone"));
        Assert.Equal(new WebhookReply("refused", 429, TimeSpan.FromMinutes(2)), await PostAsync(_receiver.BaseUrl + "/busy"));
        Assert.Equal(new WebhookReply("refused", 503, TimeSpan.FromHours(1)), await PostAsync(_receiver.BaseUrl + "/busy-until"));
        Assert.Equal(WebhookReply.Unreachable, await PostAsync(_receiver.BaseUrl + "/broken"));
        Assert.Equal(WebhookReply.Unreachable, await PostAsync($"http://127.0.0.1:{Sandbox.Ports.Free(1)[0]}/"));
    }

    [Fact]
    public async Task Waits_15_seconds_for_an_answer_and_no_longer()
    {
        var posting = PostAsync(_receiver.BaseUrl + "/silent");
        await _receiver.ReceivedAsync("/silent", "id-1.verified");
        _clock.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(posting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(WebhookReply.TimedOut, await posting);
    }

    [Fact]
    public async Task Ends_with_the_host_and_does_not_take_that_for_the_receivers_fault()
    {
        using var stop = new CancellationTokenSource();
        var posting = PostAsync(_receiver.BaseUrl + "/silent", cancellationToken: stop.Token);
        await _receiver.ReceivedAsync("/silent", "id-1.verified");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posting);
    }

    private Task<WebhookReply> PostAsync(string url, byte[]? body = null, CancellationToken cancellationToken = default)
    {
        var settings = new WebhookSettings { Url = url, Secret = Secret, PreviousSecret = Previous };
        return new WebhookClient(_http, _clock).PostAsync(Webhook.From("Test", settings), "id-1.verified", body ?? "{}"u8.ToArray(), cancellationToken);
    }
}
