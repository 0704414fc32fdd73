using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OssCallbackFunctions.Tests.Webhooks;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>Looking events up and sending them again.</summary>
public sealed class UploadEventTests(WebhookApp app) : IClassFixture<WebhookApp>
{
    [Fact]
    public async Task Sends_an_event_again_to_the_queue_and_to_all_webhooks_under_its_id()
    {
        var (uploadId, eventId) = await UploadedAsync();
        using var response = await app.Http.PostAsync($"/api/events/{eventId}/redeliver", null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var answered = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(eventId, answered.GetProperty("id").GetString());

        var told = await RunningApp.EventuallyAsync(() => Task.FromResult(app.Events(uploadId) is { Count: 2 } events ? events : null));
        Assert.Equal(told[0].GetRawText(), told[1].GetRawText());
        Assert.Equal(told[0].GetRawText(), answered.GetRawText());
        var deliveries = await app.Receiver.ReceivedAsync("/good", eventId, 2);
        Assert.Equal(deliveries[0].Body, deliveries[1].Body);
        Assert.Equal(2, (await app.Receiver.ReceivedAsync("/gone", eventId, 2)).Count);
    }

    [Fact]
    public async Task Sends_an_event_again_to_one_webhook()
    {
        var (uploadId, eventId) = await UploadedAsync();
        await app.DeliveryAsync(eventId, "gone", "dead");
        Assert.Equal(HttpStatusCode.Accepted, await RedeliverAsync(eventId, """{"webhook":"GOOD"}"""));
        await app.Receiver.ReceivedAsync("/good", eventId, 2);
        Assert.Equal(HttpStatusCode.Accepted, await RedeliverAsync(eventId, """{"queue":true,"webhook":"good"}"""));
        await app.Receiver.ReceivedAsync("/good", eventId, 3);
        await RunningApp.EventuallyAsync(() => Task.FromResult(app.Events(uploadId) is { Count: 2 } events ? events : null));
        Assert.Single(app.Receiver.Received("/gone", eventId));
    }

    [Fact]
    public async Task A_delivery_that_is_asked_for_anew_takes_the_place_of_the_one_that_waits()
    {
        var (_, eventId) = await UploadedAsync();
        var first = (await app.Receiver.ReceivedAsync("/twice-down", eventId))[0];
        await app.DeliveryAsync(eventId, "twice-down", "pending");
        Assert.Equal(HttpStatusCode.Accepted, await RedeliverAsync(eventId, """{"webhook":"twice-down"}"""));
        Assert.Equal(HttpStatusCode.Accepted, await RedeliverAsync(eventId, """{"webhook":"twice-down"}"""));
        await app.DeliveryAsync(eventId, "twice-down", "delivered");
        var count = app.Receiver.Received("/twice-down", eventId).Count;

        var ordered = first.Json.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds();
        var message = new { v = 1, webhook = "twice-down", eventId, ordered, attempts = 1, @event = first.Json };
        await app.Queue("webhook-deliveries").SendMessageAsync(JsonSerializer.Serialize(message));
        var (_, later) = await UploadedAsync();
        await app.DeliveryAsync(later, "gone", "dead");
        Assert.Equal(count, app.Receiver.Received("/twice-down", eventId).Count);
        await app.DeliveryAsync(eventId, "twice-down", "delivered");
    }

    [Theory]
    [InlineData("""{"webhook":"nobody"}""", "invalid_webhook")]
    [InlineData("""{"webhook":"photos"}""", "invalid_webhook")]
    [InlineData("""{"webhook":""}""", "invalid_webhook")]
    [InlineData("""{"webhooks":["good"]}""", "invalid_json")]
    [InlineData("null", "invalid_json")]
    [InlineData("no JSON", "invalid_json")]
    public async Task Refuses_to_send_an_event_where_it_does_not_go(string body, string code)
    {
        var (_, eventId) = await UploadedAsync();
        using var response = await app.Http.PostAsync($"/api/events/{eventId}/redeliver", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef.verified")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData(".verified")]
    [InlineData("..verified")]
    [InlineData("a%2Fb.verified")]
    [InlineData("a%23b%3F.verified")]
    [InlineData("%27%20or%20%27.verified")]
    public async Task Knows_no_event_that_did_not_happen(string eventId)
    {
        Assert.Equal((HttpStatusCode.NotFound, "event_not_found"), await app.RefusalAsync($"/api/events/{eventId}/redeliver", new { }));
        using var response = await app.Http.GetAsync($"/api/events/{eventId}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("event_not_found", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Knows_no_event_of_an_upload_that_expired()
    {
        var id = Guid.NewGuid().ToString("N");
        var past = DateTimeOffset.UtcNow.AddHours(-1);
        var entry = new { v = 1, id, profile = "default", subject = "", bucket = Sandbox.Stack.Bucket, key = RunningApp.NewKey(), issued = past, expires = past };
        var queue = app.Queue("upload-ledger");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(JsonSerializer.Serialize(entry));
        await app.RowAsync(id);
        Assert.Equal((HttpStatusCode.NotFound, "event_not_found"), await app.RefusalAsync($"/api/events/{id}.verified/redeliver", new { }));
    }

    [Fact]
    public async Task Needs_the_function_key()
    {
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync($"{app.Stack.App.Url}/api/events/x.verified")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync($"{app.Stack.App.Url}/api/events/x.verified/redeliver", null)).StatusCode);
    }

    private async Task<(string UploadId, string EventId)> UploadedAsync()
    {
        var (uploadId, eventId) = await app.UploadAsync();
        await app.EventsOfAsync(uploadId);
        await app.DeliveryAsync(eventId, "good", "delivered");
        return (uploadId, eventId);
    }

    private async Task<HttpStatusCode> RedeliverAsync(string eventId, string body)
    {
        using var response = await app.Http.PostAsync($"/api/events/{eventId}/redeliver", new StringContent(body, Encoding.UTF8, "application/json"));
        return response.StatusCode;
    }
}
