using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.Tests.Webhooks;

public sealed class WebhookRetryTests
{
    [Theory]
    [InlineData(1, 0, 5)]
    [InlineData(1, 1, 6)]
    [InlineData(2, 0, 30)]
    [InlineData(2, 0.5, 33)]
    [InlineData(4, 0, 600)]
    [InlineData(9, 0, 43_200)]
    public void Waits_longer_each_time_and_up_to_a_fifth_more(int attempts, double jitter, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WebhookRetry.DelayAfter(attempts, null, jitter));

    [Fact]
    public void Tries_for_more_than_a_day_and_then_no_more()
    {
        var delays = Enumerable.Range(1, WebhookRetry.MaxAttempts - 1).Select(attempts => WebhookRetry.DelayAfter(attempts, null, 0)!.Value).ToArray();
        Assert.Equal(delays.Order(), delays);
        Assert.InRange(delays.Aggregate(TimeSpan.Zero, (sum, delay) => sum + delay), TimeSpan.FromDays(1), TimeSpan.FromDays(2));
        Assert.Null(WebhookRetry.DelayAfter(WebhookRetry.MaxAttempts, null, 0));
        Assert.Null(WebhookRetry.DelayAfter(WebhookRetry.MaxAttempts, TimeSpan.FromSeconds(1), 1));
        Assert.Null(WebhookRetry.DelayAfter(int.MaxValue, null, 0));
    }

    [Theory]
    [InlineData(1, "00:02:00", "00:02:00")]
    [InlineData(1, "00:00:01", "00:00:05")]
    [InlineData(1, "365.00:00:00", "12:00:00")]
    [InlineData(5, "00:30:00", "01:00:00")]
    [InlineData(1, "-00:10:00", "00:00:05")]
    public void Leaves_a_receiver_alone_as_long_as_it_asks_for_within_bounds(int attempts, string retryAfter, string expected) =>
        Assert.Equal(Span(expected), WebhookRetry.DelayAfter(attempts, Span(retryAfter), 0));

    [Fact]
    public void Never_waits_longer_than_a_queue_can_hide_a_message() =>
        Assert.All(
            Enumerable.Range(1, WebhookRetry.MaxAttempts - 1), attempts => Assert.True(WebhookRetry.DelayAfter(attempts, TimeSpan.MaxValue, 1) < TimeSpan.FromDays(7)));

    private static TimeSpan Span(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
