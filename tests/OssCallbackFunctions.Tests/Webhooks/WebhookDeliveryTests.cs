using System.Text.Json;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.Tests.Webhooks;

public sealed class WebhookDeliveryTests
{
    [Fact]
    public void Carries_the_event_to_the_letter()
    {
        const string Happened = """{"id":"1.verified", "time":"2026-01-02T03:04:05+00:00","subject":"\u4e2d文 <a+b> \u002B"}""";
        using var json = JsonDocument.Parse(Happened);
        var sent = JsonSerializer.Serialize(new WebhookDelivery("main", "1.verified", 1_767_323_045_000, 3, json.RootElement), WebhookJson.Default.WebhookDelivery);
        Assert.StartsWith("{\"v\":1,", sent, StringComparison.Ordinal);
        var read = WebhookDelivery.Parse(sent);
        Assert.Equal(Happened, read.Event.GetRawText());
        Assert.Equal(("main", "1.verified", 1_767_323_045_000, 3), (read.Webhook, read.EventId, read.Ordered, read.Attempts));
        Assert.Equal(sent, JsonSerializer.Serialize(read, WebhookJson.Default.WebhookDelivery));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("""{"v":1,"webhook":"main","eventId":"1.verified","ordered":1,"attempts":0}""")]
    [InlineData("""{"v":1,"webhook":"main","eventId":"1.verified","ordered":1,"attempts":0,"event":"{}"}""")]
    [InlineData("""{"v":1,"webhook":"main","eventId":"1.verified","ordered":1,"attempts":-1,"event":{}}""")]
    [InlineData("""{"v":1,"webhook":"","eventId":"1.verified","ordered":1,"attempts":0,"event":{}}""")]
    [InlineData("""{"v":2,"webhook":"main","eventId":"1.verified","ordered":1,"attempts":0,"event":{}}""")]
    public void Refuses_what_is_no_delivery_of_its_version(string message) => Assert.Throws<JsonException>(() => WebhookDelivery.Parse(message));
}
