using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Benchmarks.Emulator;
using Oss.Protocol;
using Sandbox;

namespace Benchmarks.App;

/// <summary>
/// The time of a callback, as OSS waits for it, beside that of the calls alone that it takes: a read of a table, HeadObject of the emulator, three writes to tables and one to a queue of
/// Azurite, one after the other. Objects and credentials are made before the clock starts, and nothing else runs meanwhile.
/// </summary>
internal sealed class CallbackMeasurement(MeasurementOptions options, string folder) : IDisposable
{
    private const int PerRound = 100;
    private const int WarmUp = 2;
    private const string KeyUrl = "http://127.0.0.1/benchmarks.pem";

    // As long as OSS's own.
    private readonly RSA _key = RSA.Create(512);
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _key.Dispose();
        _http.Dispose();
    }

    public async Task RunAsync()
    {
        await using var azurite = await Azurite.StartAsync(Path.Combine(folder, "azurite"));
        await using var emulator = await ServerProcess.StartAsync(ServerKind.Emulator, folder);
        var endpoint = OssEndpoint.Parse(emulator.Address.ToString());
        await using var app = await ServerProcess.StartAsync(ServerKind.App, folder, new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString, ["Oss__Endpoint"] = endpoint.ToString(), ["Callbacks__PublicBaseUrl"] = "http://127.0.0.1",
            ["Callbacks__TestKeyUrl"] = KeyUrl, ["Callbacks__TestKeyPem"] = _key.ExportSubjectPublicKeyInfoPem(),
        });
        var oss = new OssClient(_http, endpoint, new V4Signer(ServerProgram.Key, "cn-hangzhou"), TimeProvider.System);
        var table = new TableClient(azurite.ConnectionString, "benchmarks");
        await table.CreateIfNotExistsAsync();
        var queues = new QueueServiceClient(azurite.ConnectionString, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05) { MessageEncoding = QueueMessageEncoding.Base64 });
        var (own, told) = (queues.GetQueueClient("benchmarks"), queues.GetQueueClient("upload-events"));
        await own.CreateIfNotExistsAsync();
        await told.CreateIfNotExistsAsync();

        var (handled, alone) = (new Times(), new Times());
        for (var round = -WarmUp; round < options.Rounds; round++)
        {
            var callbacks = await PrepareAsync(app, oss);
            var keys = await StoreAsync(oss);
            var times = round % 2 == 0 ? (Handle(app, callbacks), await CallAsync(oss, table, own, keys)) : Swap(await CallAsync(oss, table, own, keys), Handle(app, callbacks));
            if (round >= 0)
            {
                handled.Add(times.Item1);
                alone.Add(times.Item2);
            }

            // Azurite is slow with long queues.
            await own.ClearMessagesAsync();
            await told.ClearMessagesAsync();
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            | {handled.Count} callbacks, one at a time | p50 | p99 | allocated each |
            |---|---|---|---|
            | the storage calls alone | {alone.At(50):0.00} ms | {alone.At(99):0.00} ms | {alone.Allocated / 1000.0 / alone.Count:0} kB |
            | callback handler, request to reply | {handled.At(50):0.00} ms | {handled.At(99):0.00} ms | {handled.Allocated / 1000.0 / handled.Count:0} kB |
            | ratio | {handled.At(50) / alone.At(50):0.00} | {handled.At(99) / alone.At(99):0.00} | {(double)handled.Allocated / alone.Allocated:0.00} |
            """));
    }

    private async Task<List<byte[]>> PrepareAsync(ServerProcess app, OssClient oss)
    {
        var requests = new List<byte[]>();
        for (var i = 0; i < PerRound; i++)
        {
            var key = $"callback/{Guid.NewGuid():N}";
            using var asked = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Address, "/api/uploads/presigned-put"))
            {
                Content = JsonContent.Create(new { key, callback = "header" }), Headers = { { "x-functions-key", AppServer.FunctionKey } },
            };
            using var answer = await _http.SendAsync(asked);
            var lent = await answer.Content.ReadFromJsonAsync<JsonElement>();
            _ = CallbackParameter.TryParse(lent.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _);
            var stored = await oss.PutObjectAsync(Requests.Bucket, key, UploadBody.From("12345"u8.ToArray()));
            var body = JsonSerializer.SerializeToUtf8Bytes(new { bucket = Requests.Bucket, @object = key, etag = stored.ETag.Trim('"'), size = 5, operation = "PutObject" });
            var path = new Uri(callback!.Urls[0]).AbsolutePath;
            requests.Add([
                .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: {CallbackSignature.Sign(path, body, _key)}\r\nx-oss-pub-key-url: {Convert.ToBase64String(Encoding.UTF8.GetBytes(KeyUrl))}\r\nContent-Length: {body.Length}\r\n\r\n")),
                .. body,
            ]);
        }

        return requests;
    }

    private static async Task<List<string>> StoreAsync(OssClient oss)
    {
        var keys = Enumerable.Range(0, PerRound).Select(_ => $"alone/{Guid.NewGuid():N}").ToList();
        foreach (var key in keys)
        {
            await oss.PutObjectAsync(Requests.Bucket, key, UploadBody.From("12345"u8.ToArray()));
        }

        return keys;
    }

    private static Times Handle(ServerProcess app, List<byte[]> callbacks)
    {
        var times = new Times();
        var before = app.Allocated();
        // A reply that is not 200 throws: what is measured are verified callbacks.
        Load.Run(app.Address, 1, (connection, _) => times.AddRange(callbacks.Select(callback =>
        {
            var started = Stopwatch.GetTimestamp();
            connection.Exchange(callback);
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        })));
        times.Allocated = app.Allocated() - before;
        return times;
    }

    private static async Task<Times> CallAsync(OssClient oss, TableClient table, QueueClient queue, List<string> keys)
    {
        var message = new BinaryData(new byte[600]);
        var times = new Times();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        foreach (var key in keys)
        {
            var id = key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];
            var started = Stopwatch.GetTimestamp();
            await table.GetEntityIfExistsAsync<TableEntity>(id, "upload");
            await oss.HeadObjectAsync(Requests.Bucket, key);
            await table.AddEntityAsync(new TableEntity(id, "object") { ["UploadId"] = id, ["Key"] = key });
            await table.AddEntityAsync(new TableEntity(id, "upload") { ["Bucket"] = Requests.Bucket, ["Key"] = key, ["Size"] = 5L, ["EventSent"] = false });
            await queue.SendMessageAsync(message, timeToLive: TimeSpan.FromSeconds(-1));
            await table.UpdateEntityAsync(new TableEntity(id, "upload") { ["EventSent"] = true }, ETag.All, TableUpdateMode.Merge);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return times;
    }

    private static (Times, Times) Swap(Times second, Times first) => (first, second);

    /// <summary>Milliseconds that each of some calls took, and the bytes that the process allocated meanwhile.</summary>
    private sealed class Times
    {
        private readonly List<double> _times = [];

        public int Count => _times.Count;

        public long Allocated { get; set; }

        public void Add(double time) => _times.Add(time);

        public void AddRange(IEnumerable<double> times) => _times.AddRange(times);

        public void Add(Times others)
        {
            _times.AddRange(others._times);
            Allocated += others.Allocated;
        }

        public double At(int percent) => _times.Order().ElementAt(Math.Min(Count - 1, Count * percent / 100));
    }
}
