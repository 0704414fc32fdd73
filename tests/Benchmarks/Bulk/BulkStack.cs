using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Queues;
using Benchmarks.App;
using Benchmarks.Emulator;
using Oss.Protocol;
using Sandbox;

namespace Benchmarks.Bulk;

/// <summary>Azurite, the emulator and instances of the app, each a process of its own.</summary>
internal sealed class BulkStack : IAsyncDisposable
{
    /// <summary>Messages that an instance works on at a time, by host.json: a batch of 4, and the next when 2 are left.</summary>
    public const int MessagesOfInstance = 6;

    private static readonly TimeSpan Polling = TimeSpan.FromMilliseconds(200);

    private readonly Azurite _azurite;
    private readonly ServerProcess _emulator;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    private BulkStack(string folder, Azurite azurite, string storage, ServerProcess emulator)
    {
        (SourceFolder, StorageConnectionString, _azurite, _emulator) = (Path.Combine(folder, "source"), storage, azurite, emulator);
        Endpoint = OssEndpoint.Parse(emulator.Address.ToString());
        Oss = new OssClient(_http, Endpoint, Signer, TimeProvider.System);
        Directory.CreateDirectory(SourceFolder);
    }

    public static V4Signer Signer { get; } = new(ServerProgram.Key, "cn-hangzhou");

    public string SourceFolder { get; }

    public OssEndpoint Endpoint { get; }

    public OssClient Oss { get; }

    public string StorageConnectionString { get; }

    public List<AppProcess> Apps { get; } = [];

    /// <param name="folder">For state.</param>
    /// <param name="storage">Gives the connection string to use for Azurite's; null: that itself.</param>
    public static async Task<BulkStack> StartAsync(string folder, Func<string, string>? storage = null)
    {
        var azurite = await Azurite.StartAsync(Path.Combine(folder, "azurite"));
        return new(folder, azurite, storage?.Invoke(azurite.ConnectionString) ?? azurite.ConnectionString, await ServerProcess.StartAsync(ServerKind.Emulator, folder));
    }

    /// <summary>The app's settings, by their environment variables.</summary>
    public Dictionary<string, string> Settings(params IEnumerable<(string Name, string Value)> more)
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = StorageConnectionString,
            ["OSS_ACCESS_KEY_ID"] = ServerProgram.Key.Id,
            ["OSS_ACCESS_KEY_SECRET"] = ServerProgram.Key.Secret,
            ["Oss__Region"] = "cn-hangzhou",
            ["Oss__Endpoint"] = Endpoint.ToString(),
            ["Oss__Bucket"] = Requests.Bucket,
            ["Grants__Secret"] = Convert.ToBase64String(new byte[32]),
            ["BulkUploads__FileRoot"] = SourceFolder,
            ["BulkUploads__AllowPrivateSources"] = "true",
            ["LocalWorker__FunctionKey"] = AppServer.FunctionKey,
            ["LocalWorker__MessageVisibility"] = "00:01:00",
            ["Logging__LogLevel__Default"] = "Warning",
            ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.2",
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    public async Task StartAppAsync(IReadOnlyDictionary<string, string> settings)
    {
        var port = Ports.Free(1)[0];
        var url = $"http://127.0.0.1:{port}";
        var own = new Dictionary<string, string>(settings) { ["LocalWorker__Urls"] = url, ["Callbacks__PublicBaseUrl"] = url };
        using var key = await _http.GetAsync(new Uri(_emulator.Address, "/_emulator/callback-public-key.pem"));
        (own["Callbacks__TestKeyUrl"], own["Callbacks__TestKeyPem"]) = (key.RequestMessage!.RequestUri!.ToString(), await key.Content.ReadAsStringAsync());
        Apps.Add(await AppProcess.StartAsync(port, Path.Combine(SourceFolder, "..", $"app-{port}"), own, default));
    }

    /// <summary>Holds each body that the emulator receives to a rate.</summary>
    public async Task LimitAsync(long bytesPerSecond)
    {
        using var answer = await _http.PostAsJsonAsync(new Uri(_emulator.Address, "/_emulator/faults"), new { effect = new { kind = "slowRequest", bytesPerSecond } });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Time from a job's acceptance until it is known that it succeeded.</summary>
    public async Task<TimeSpan> CarryAsync(object job)
    {
        var started = Stopwatch.GetTimestamp();
        var accepted = await AskAsync(HttpMethod.Post, "/api/bulk-uploads", job);
        while (true)
        {
            var found = await AskAsync(HttpMethod.Get, $"/api/bulk-uploads/{accepted.GetProperty("id").GetString()}", null);
            switch (found.GetProperty("state").GetString())
            {
                case "Succeeded":
                    return Stopwatch.GetElapsedTime(started);
                case "Failed":
                    throw new InvalidOperationException($"The job failed: {found}");
            }

            await Task.Delay(Polling);
        }
    }

    /// <summary>Empties the queues that nobody reads here: Azurite is slow with long ones.</summary>
    public async Task ClearQueuesAsync()
    {
        foreach (var name in (string[])["upload-events", "upload-ledger", "removals"])
        {
            var queue = new QueueClient(StorageConnectionString, name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05));
            await queue.CreateIfNotExistsAsync();
            await queue.ClearMessagesAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in Apps)
        {
            await app.DisposeAsync();
        }

        await _emulator.DisposeAsync();
        await _azurite.DisposeAsync();
        _http.Dispose();
    }

    private async Task<JsonElement> AskAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, Apps[0].Url + path) { Headers = { { "x-functions-key", AppServer.FunctionKey } }, Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
