using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OssCallbackFunctions.Tests.Webhooks;

/// <summary>A server that webhooks post to; the path says how it behaves.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<ReceivedDelivery> _received = new();
    private readonly TaskCompletionSource _ending = new();

    private WebhookReceiver(WebApplication server) => _server = server;

    public string BaseUrl => _server.Urls.Single();

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(server);
        server.Run(receiver.AnswerAsync);
        await server.StartAsync();
        return receiver;
    }

    /// <summary>What came to a path about an event.</summary>
    public IReadOnlyList<ReceivedDelivery> Received(string path, string eventId) => [.. _received.Where(delivery => delivery.Path == path && delivery.Id == eventId)];

    /// <summary>Waits for so many deliveries.</summary>
    public Task<IReadOnlyList<ReceivedDelivery>> ReceivedAsync(string path, string eventId, int count = 1) =>
        RunningApp.EventuallyAsync(() => Task.FromResult(Received(path, eventId) is { } received && received.Count >= count ? received : null));

    public async ValueTask DisposeAsync()
    {
        _ending.TrySetResult();
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var path = http.Request.Path.Value!;
        var delivery = new ReceivedDelivery(path, http.Request.Method, headers, body.ToArray());
        _received.Enqueue(delivery);
        switch (path)
        {
            case "/twice-down" when Received(path, delivery.Id).Count < 3:
                http.Response.StatusCode = 503;
                http.Response.Headers.RetryAfter = "1";
                break;
            case "/down":
                http.Response.StatusCode = 500;
                break;
            case "/busy":
                http.Response.StatusCode = 429;
                http.Response.Headers.RetryAfter = "120";
                break;
            case "/busy-until":
                http.Response.StatusCode = 503;
                http.Response.Headers.RetryAfter = "Fri, 02 Jan 2026 04:04:05 GMT";
                break;
            case "/gone":
                http.Response.StatusCode = 410;
                break;
            case "/moved":
                http.Response.Redirect($"{BaseUrl}/elsewhere", permanent: true, preserveMethod: true);
                break;
            case "/silent":
                await Task.WhenAny(_ending.Task, Task.Delay(Timeout.Infinite, http.RequestAborted));
                http.Abort();
                break;
            case "/broken":
                http.Abort();
                break;
            default:
                http.Response.StatusCode = 204;
                break;
        }
    }
}

/// <summary>A delivery as it came.</summary>
public sealed record ReceivedDelivery(string Path, string Method, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Whether a signature in the header is right, as a receiver checks it.</summary>
    public bool IsSigned(string secret)
    {
        var content = Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}.").Concat(Body).ToArray();
        using var mac = new HMACSHA256(Convert.FromBase64String(secret.Split('_')[1]));
        return Headers["webhook-signature"].Split(' ').Contains("v1," + Convert.ToBase64String(mac.ComputeHash(content)));
    }
}
