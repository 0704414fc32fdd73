using System.Text.Json;
using Azure.Data.Tables;

namespace OssCallbackFunctions.Tests.Webhooks;

/// <summary>From the upload to the receivers, and what becomes of receivers that do not take an event.</summary>
public sealed class WebhookTests(WebhookApp app) : IClassFixture<WebhookApp>
{
    [Fact]
    public async Task Delivers_the_event_that_is_on_the_queue_signed_with_both_secrets()
    {
        var (uploadId, eventId) = await app.UploadAsync();
        var delivery = (await app.Receiver.ReceivedAsync("/good", eventId))[0];
        Assert.Equal((await app.EventsOfAsync(uploadId))[0].GetRawText(), delivery.Json.GetRawText());
        Assert.Equal("application/cloudevents+json", delivery.Headers["Content-Type"]);
        Assert.True(delivery.IsSigned(WebhookApp.Secret));
        Assert.True(delivery.IsSigned(WebhookApp.PreviousSecret));

        var state = await app.DeliveryAsync(eventId, "good", "delivered");
        Assert.Equal(1, state.GetProperty("attempts").GetInt32());
        Assert.Equal(204, state.GetProperty("lastStatus").GetInt32());
        Assert.False(state.TryGetProperty("lastError", out _));
        Assert.False(state.TryGetProperty("nextAttemptAt", out _));

        var told = await app.EventAsync(eventId);
        Assert.True(told.GetProperty("sent").GetBoolean());
        Assert.Equal(eventId, told.GetProperty("event").GetProperty("id").GetString());
        Assert.Equal(
            ["gone", "good", "moved", "twice-down"], told.GetProperty("deliveries").EnumerateArray().Select(one => one.GetProperty("webhook").GetString()));
    }

    [Fact]
    public async Task Tries_again_until_the_receiver_takes_it_and_keeps_the_id()
    {
        var (_, eventId) = await app.UploadAsync();
        await app.DeliveryAsync(eventId, "twice-down", "pending");

        // The second attempt is soon; the third would take its time, so its message is handled as if that had passed.
        var second = (await app.Receiver.ReceivedAsync("/twice-down", eventId, 2))[1];
        var pending = (JsonElement?)await RunningApp.EventuallyAsync<object>(async () =>
            await app.DeliveryAsync(eventId, "twice-down", "pending") is var state && state.GetProperty("attempts").GetInt32() == 2 ? (object)state : null);
        Assert.Equal(503, pending!.Value.GetProperty("lastStatus").GetInt32());
        Assert.Equal("refused", pending.Value.GetProperty("lastError").GetString());
        Assert.True(pending.Value.GetProperty("nextAttemptAt").GetDateTimeOffset() > pending.Value.GetProperty("lastAttemptAt").GetDateTimeOffset());
        await SendAsync(second, "twice-down", attempts: 2);
        var delivered = await app.DeliveryAsync(eventId, "twice-down", "delivered");
        Assert.Equal(3, delivered.GetProperty("attempts").GetInt32());

        // Whoever comes now finds nothing to do: the delivery behind it shows that it was handled.
        await SendAsync(second, "twice-down", attempts: 2);
        var (_, later) = await app.UploadAsync();
        await app.DeliveryAsync(later, "good", "delivered");
        await app.DeliveryAsync(later, "gone", "dead");
        Assert.Equal(3, app.Receiver.Received("/twice-down", eventId).Count);
    }

    [Fact]
    public async Task Gives_up_at_once_when_the_receiver_is_gone_and_keeps_the_event()
    {
        var (_, eventId) = await app.UploadAsync();
        var state = await app.DeliveryAsync(eventId, "gone", "dead");
        Assert.Equal(1, state.GetProperty("attempts").GetInt32());
        Assert.Equal(410, state.GetProperty("lastStatus").GetInt32());
        var dead = Assert.Single(await app.DeadAsync(eventId));
        Assert.Equal(("gone", "gone", 410), (dead.GetProperty("webhook").GetString(), dead.GetProperty("reason").GetString(), dead.GetProperty("status").GetInt32()));
        Assert.Equal((await app.EventAsync(eventId)).GetProperty("event").GetRawText(), dead.GetProperty("event").GetRawText());
    }

    [Fact]
    public async Task Gives_up_after_the_last_attempt_and_what_is_for_no_webhook_any_more()
    {
        var (_, eventId) = await app.UploadAsync();
        var first = (await app.Receiver.ReceivedAsync("/moved", eventId))[0];
        await app.DeliveryAsync(eventId, "moved", "pending");
        await SendAsync(first, "moved", attempts: 9);
        var state = await app.DeliveryAsync(eventId, "moved", "dead");
        Assert.Equal(10, state.GetProperty("attempts").GetInt32());
        Assert.Equal("redirected", state.GetProperty("lastError").GetString());
        Assert.Empty(app.Receiver.Received("/elsewhere", eventId));

        await SendAsync(first, "removed", attempts: 0);
        await app.DeliveryAsync(eventId, "removed", "dead");
        var reasons = (await app.DeadAsync(eventId)).Select(dead => (dead.GetProperty("webhook").GetString(), dead.GetProperty("reason").GetString()));
        Assert.Contains(("moved", "redirected"), reasons);
        Assert.Contains(("removed", "not_configured"), reasons);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_holds_nobody_up()
    {
        var (_, eventId) = await app.UploadAsync();
        await SendAsync((await app.Receiver.ReceivedAsync("/good", eventId))[0], "silent", attempts: 0);
        await app.Receiver.ReceivedAsync("/silent", eventId);
        var (uploadId, later) = await app.UploadAsync();
        await app.EventsOfAsync(uploadId);
        await app.DeliveryAsync(later, "good", "delivered");

        var state = await app.DeliveryAsync(eventId, "silent", "pending");
        Assert.Equal("timeout", state.GetProperty("lastError").GetString());
        Assert.False(state.TryGetProperty("lastStatus", out _));
    }

    [Fact]
    public async Task Delivers_what_was_recorded_and_not_told_when_the_ledger_comes_to_it()
    {
        await app.UploadAsync();
        var id = Guid.NewGuid().ToString("N");
        var key = RunningApp.NewKey();
        var past = DateTimeOffset.UtcNow.AddHours(-1);
        await app.Table("uploads").AddEntityAsync(new TableEntity(id, "upload")
        {
            ["Bucket"] = Sandbox.Stack.Bucket, ["Key"] = key, ["Size"] = 5L, ["ObjectETag"] = "ABCDEF", ["Profile"] = "default", ["VerifiedAt"] = past, ["EventSent"] = false,
        });
        var told = await app.EventAsync(id + ".verified");
        Assert.False(told.GetProperty("sent").GetBoolean());
        Assert.Equal(0, told.GetProperty("deliveries").GetArrayLength());

        var entry = new { v = 1, id, profile = "default", subject = "", bucket = Sandbox.Stack.Bucket, key, issued = past, expires = past };
        await app.Queue("upload-ledger").SendMessageAsync(JsonSerializer.Serialize(entry));
        await app.DeliveryAsync(id + ".verified", "good", "delivered");
        Assert.Equal(key, app.Receiver.Received("/good", id + ".verified")[0].Json.GetProperty("subject").GetString());
    }

    /// <summary>Sends a delivery's message as it would come.</summary>
    private async Task SendAsync(ReceivedDelivery delivery, string webhook, int attempts)
    {
        var ordered = delivery.Json.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds();
        var message = new { v = 1, webhook, eventId = delivery.Id, ordered, attempts, @event = delivery.Json };
        await app.Queue("webhook-deliveries").SendMessageAsync(JsonSerializer.Serialize(message));
    }
}
