using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sandbox;

namespace OssCallbackFunctions.Tests.Idempotency;

/// <summary>Two instances of the app on one storage account.</summary>
public class TwoApps : RunningApp
{
    private readonly List<HttpClient> _clients = [];

    public AppProcess Other { get; private set; } = null!;

    /// <summary>HTTP to each of the instances.</summary>
    public IReadOnlyList<HttpClient> Instances => _clients;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Other = await Stack.StartAnotherAppAsync();
        foreach (var url in (string[])[Stack.App.Url, Other.Url])
        {
            var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(2) };
            client.DefaultRequestHeaders.Add("x-functions-key", Stack.FunctionKey);
            _clients.Add(client);
        }
    }

    /// <summary>Posts JSON to one of the instances.</summary>
    public async Task<Posted> PostAsync(int instance, string path, object body, string? key, string? callerKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in (IEnumerable<(string, string?)>)[("Idempotency-Key", key), ("x-caller-key", callerKey)])
        {
            if (value is not null)
            {
                Assert.True(request.Headers.TryAddWithoutValidation(name, value));
            }
        }

        using var response = await Instances[instance].SendAsync(request);
        return new Posted(
            response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.ToString(), response.Headers.Location,
            response.Headers.RetryAfter?.Delta, response.Headers.Contains("Idempotent-Replayed"));
    }
}

/// <summary>What came back.</summary>
public sealed record Posted(HttpStatusCode Status, string Text, string? ContentType, Uri? Location, TimeSpan? RetryAfter, bool IsReplayed)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string Id => Json.GetProperty("id").GetString()!;

    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;
}
