using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OssCallbackFunctions.Tests.Webhooks;

/// <summary>An app with webhooks at a receiver of which some behave badly.</summary>
public sealed class WebhookApp : RunningApp
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public const string PreviousSecret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    public WebhookReceiver Receiver { get; private set; } = null!;

    protected override Dictionary<string, string> Settings
    {
        get
        {
            var settings = new Dictionary<string, string>
            {
                ["Webhooks__good__PreviousSecret"] = PreviousSecret,
                ["Webhooks__Gone__Profiles"] = "",
                ["Webhooks__photos__Profiles"] = "photos",
                // Tests send to it by themselves: each attempt takes its 15 s.
                ["Webhooks__silent__Profiles"] = "silent",
            };
            foreach (var (name, path) in new[] { ("good", "/good"), ("twice-down", "/twice-down"), ("Gone", "/gone"), ("silent", "/silent"), ("moved", "/moved"), ("photos", "/photos") })
            {
                settings[$"Webhooks__{name}__Url"] = Receiver.BaseUrl + path;
                settings[$"Webhooks__{name}__Secret"] = Secret;
                settings[$"Webhooks__{name}__AllowHttp"] = "true";
            }

            return settings;
        }
    }

    public override async ValueTask InitializeAsync()
    {
        Receiver = await WebhookReceiver.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Uploads something; the id of its event.</summary>
    public async Task<(string UploadId, string EventId)> UploadAsync()
    {
        var put = await PresignAsync(new { key = NewKey("中文 a+b.bin"), subject = "用户 7" });
        // 203: the answer to the callback came too late, on a busy machine; the event is told all the same.
        Assert.Contains((await PutAsync(put, [1, 2, 3])).Status, new[] { HttpStatusCode.OK, HttpStatusCode.NonAuthoritativeInformation });
        var id = put.GetProperty("id").GetString()!;
        return (id, id + ".verified");
    }

    public Task<JsonElement> EventAsync(string eventId) => Http.GetFromJsonAsync<JsonElement>($"/api/events/{eventId}");

    /// <summary>Waits until a delivery has a state.</summary>
    public async Task<JsonElement> DeliveryAsync(string eventId, string webhook, string state) => ((JsonElement?)await EventuallyAsync<object>(async () =>
        (await EventAsync(eventId)).GetProperty("deliveries").EnumerateArray()
            .Where(delivery => delivery.GetProperty("webhook").GetString() == webhook && delivery.GetProperty("state").GetString() == state)
            .Select(delivery => (object)delivery).FirstOrDefault()))!.Value;

    /// <summary>Dead letters of an event.</summary>
    public async Task<IReadOnlyList<JsonElement>> DeadAsync(string eventId)
    {
        var queue = Queue("webhook-deliveries-dead");
        await queue.CreateIfNotExistsAsync();
        var messages = (await queue.PeekMessagesAsync(32)).Value;
        return [.. messages.Select(message => JsonDocument.Parse(message.Body.ToString()).RootElement).Where(dead => dead.GetProperty("eventId").GetString() == eventId)];
    }
}
