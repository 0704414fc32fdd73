using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Oss.Protocol;
using OssCallbackFunctions.Tests;
using Sandbox;

[assembly: AssemblyFixture(typeof(RunningApp))]

namespace OssCallbackFunctions.Tests;

/// <summary>Azurite, the OSS emulator, a source server and the app as a process of its own; one of each for all tests, which keep apart by keys and ids.</summary>
public class RunningApp : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("app-tests-").FullName;
    private readonly ConcurrentQueue<JsonElement> _events = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _readingEvents = Task.CompletedTask;
    private Stack? _stack;

    public Stack Stack => _stack!;

    public SourceServer Source { get; private set; } = null!;

    public AppClient Client { get; private set; } = null!;

    /// <summary>HTTP to the app with the function key.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>What the app seals with, where the settings are these.</summary>
    public string GrantsSecret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Key of an administrator, where the settings are these.</summary>
    public string MasterKey { get; } = Guid.NewGuid().ToString("N");

    /// <summary>HTTP to OSS and others; no redirects.</summary>
    public HttpClient Outside { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>OSS with the key that the app has.</summary>
    public OssClient Oss { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Source = await SourceServer.StartAsync();
        _stack = await Stack.StartAsync(_folder, AppPort, settings: Settings, storageCertificate: StorageCertificate);
        Client = new AppClient(_stack);
        Http = new HttpClient { BaseAddress = new Uri(_stack.App.Url) };
        Http.DefaultRequestHeaders.Add("x-functions-key", _stack.FunctionKey);
        Oss = new OssClient(Outside, OssEndpoint.Parse(_stack.Oss.Endpoint), new V4Signer(_stack.AccessKey, Stack.Region), TimeProvider.System, OssRetry.None);
        _readingEvents = ReadEventsAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _readingEvents;
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }

        await Source.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Port of the app; null: a free one.</summary>
    protected virtual int? AppPort => null;

    /// <summary>What storage is served with; null: by http, and to whoever has the account's key.</summary>
    protected virtual StorageCertificate? StorageCertificate => null;

    /// <summary>Settings of the app that differ from the sandbox's.</summary>
    protected virtual Dictionary<string, string> Settings => new()
    {
        ["Grants__Secret"] = GrantsSecret,
        ["LocalWorker__MasterKey"] = MasterKey,
        ["Uploads__Profiles__default__ForbidOverwrite"] = "true",
        ["Uploads__Profiles__photos__KeyTemplate"] = "photos/{subject}/{date}/{id}{ext}",
        ["Uploads__Profiles__photos__MinSize"] = "1",
        ["Uploads__Profiles__photos__MaxSize"] = "1000",
        ["Uploads__Profiles__photos__ContentTypes"] = "image/*",
        ["Uploads__Profiles__photos__StorageClass"] = "IA",
        ["Uploads__Profiles__photos__ObjectAcl"] = "private",
        ["Uploads__Profiles__photos__ContentDisposition"] = "inline",
        ["Uploads__Profiles__photos__TrafficLimit"] = "838860800",
        ["Uploads__Profiles__files__KeyTemplate"] = "files/{subject}/{id}/{name}{ext}",
        ["Uploads__Profiles__files__MaxSize"] = "100000000000",
        ["Uploads__Profiles__files__Lifetime"] = "00:10:00",
        ["Uploads__Profiles__files__Sts"] = "key",
        ["Uploads__Profiles__folders__KeyTemplate"] = "folders/{subject}/{id}{ext}",
        ["Uploads__Profiles__folders__Sts"] = "prefix",
        ["Uploads__Profiles__samples__KeyTemplate"] = "samples/{id}/{name}{ext}",
        ["Uploads__Profiles__samples__AlibabaForm"] = "true",
        ["Uploads__Profiles__samples__MaxSize"] = "1000",
        ["Cors__AllowedOrigins"] = "https://www.example.com;http://localhost:3000",
        ["Uploads__Profiles__drafts__KeyTemplate"] = "drafts/{subject}/{name}{ext}",
        ["Uploads__Profiles__drafts__ForbidOverwrite"] = "false",
        ["Uploads__Profiles__shop__KeyTemplate"] = "shop/{id}",
        ["Uploads__Profiles__shop__Callers"] = "shop",
        ["Uploads__Profiles__orders__KeyTemplate"] = "orders/{id}",
        ["Uploads__Profiles__orders__Variables__order"] = "none",
        ["Uploads__Profiles__orders__Variables__tenant"] = "acme",
        ["Uploads__Profiles__gallery__KeyTemplate"] = "gallery/{id}",
        ["Uploads__Profiles__gallery__CallbackFields"] = "clientIp; imageInfo.height; imageInfo.width; imageInfo.format; contentMd5; vpcId",
        ["Uploads__Profiles__orders__Answer__size"] = "{size}",
        ["Uploads__Profiles__orders__Answer__url"] = "https://cdn.example.com/{key}?order={variables.order}",
        ["Uploads__Profiles__orders__Answer__order"] = "{variables.order}",
        ["Uploads__Profiles__orders__Answer__note"] = "{{\"{subject}\"}}",
        ["Uploads__Profiles__orders__Answer__ok"] = "yes",
        ["Uploads__Profiles__gallery__Answer__width"] = "{imageInfo.width}",
        ["Uploads__Profiles__gallery__Answer__format"] = "{imageInfo.format}",
        ["Callers__shop__KeySha256"] = Convert.ToHexStringLower(SHA256.HashData("shop's key"u8)),
        ["Callers__blog__KeySha256"] = Convert.ToHexStringLower(SHA256.HashData("blog's key"u8)),
        ["BulkUploads__AllowedSourceHosts"] = Source.Authority,
        ["BulkUploads__AllowHttpSources"] = "true",
        ["BulkUploads__AllowPrivateSources"] = "true",
        ["BulkUploads__PartSize"] = "102400",
        ["BulkUploads__Lanes"] = "4",
    };

    /// <summary>A key that no other test uses.</summary>
    public static string NewKey(string name = "file.bin") => $"{Guid.NewGuid():N}/{name}";

    public async Task<JsonElement> PresignAsync(object body) => await Client.PostAsync("/api/uploads/presigned-put", body, default);

    public async Task<JsonElement> FormAsync(object body) => await Client.PostAsync("/api/uploads/form-post", body, default);

    /// <summary>Uses a presigned PUT as lent, but for what the test changes.</summary>
    public async Task<(HttpStatusCode Status, string Body)> PutAsync(JsonElement put, byte[] content, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Raw(put.GetProperty("url").GetString()!)) { Content = new ByteArrayContent(content) };
        foreach (var header in put.GetProperty("headers").EnumerateObject())
        {
            if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString()))
            {
                request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value.GetString());
            }
        }

        change?.Invoke(request);
        using var response = await Outside.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a form as lent, but for the fields the test changes (null: left out).</summary>
    public async Task<(HttpStatusCode Status, string Body)> SendFormAsync(JsonElement form, byte[] content, params IEnumerable<(string Name, string? Value)> changes)
    {
        var fields = form.GetProperty("fields").EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString());
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }

        using var body = new MultipartFormDataContent();
        foreach (var (name, value) in fields.Where(field => field.Value is not null))
        {
            body.Add(new StringContent(value!), $"\"{name}\"");
        }

        body.Add(new ByteArrayContent(content), "\"file\"", "\"file.bin\"");
        using var response = await Outside.PostAsync(form.GetProperty("url").GetString(), body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Gets an object with the key that the app has.</summary>
    public async Task<HttpResponseMessage> GetObjectAsync(string key)
    {
        var signer = new V4Signer(Stack.AccessKey, Stack.Region);
        var url = signer.Presign(new OssRequest("GET", Stack.Bucket, key), OssEndpoint.Parse(Stack.Oss.Endpoint), DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1)).Url;
        return await Outside.GetAsync(Raw(url));
    }

    /// <summary>A container of the storage account.</summary>
    public BlobContainerClient Container(string name) => new(Stack.StorageConnectionString, name, Adapt(new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05)));

    public TableClient Table(string name) => new(Stack.StorageConnectionString, name, Adapt(new TableClientOptions()));

    public QueueClient Queue(string name) =>
        new(Stack.StorageConnectionString, name, Adapt(new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05) { MessageEncoding = QueueMessageEncoding.Base64 }));

    /// <summary>How this process gets to the storage account.</summary>
    protected virtual T Adapt<T>(T options)
        where T : ClientOptions => options;

    /// <summary>Posts and returns status and problem code.</summary>
    public async Task<(HttpStatusCode Status, string? Code)> RefusalAsync(string path, object body, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        return (response.StatusCode, problem.GetProperty("code").GetString());
    }

    /// <summary>The app's log so far.</summary>
    public async Task<string> LogAsync()
    {
        await using var file = new FileStream(Path.Combine(Stack.Folder, "app", "app.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }

    /// <summary>All events so far, in the order they came.</summary>
    public IReadOnlyList<JsonElement> AllEvents => [.. _events];

    /// <summary>The events told of an upload so far.</summary>
    public IReadOnlyList<JsonElement> Events(string uploadId) =>
        [.. _events.Where(told => told.GetProperty("data").GetProperty("uploadId").GetString() == uploadId)];

    /// <summary>Waits for the first event of an upload.</summary>
    public Task<IReadOnlyList<JsonElement>> EventsOfAsync(string uploadId) =>
        EventuallyAsync(() => Task.FromResult(Events(uploadId) is { Count: > 0 } events ? events : null));

    /// <summary>Waits for an upload's row in table <c>uploads</c>.</summary>
    public Task<TableEntity> RowAsync(string uploadId) => EventuallyAsync(async () =>
        await Table("uploads").GetEntityIfExistsAsync<TableEntity>(uploadId, "upload") is { HasValue: true } found ? found.Value : null);

    /// <summary>Waits until something is so; the bound is for a machine that hangs, not for a slow one.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T?>> look)
        where T : class
    {
        for (var end = DateTime.UtcNow.AddMinutes(2); DateTime.UtcNow < end;)
        {
            if (await look() is { } found)
            {
                return found;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("It did not happen.");
    }

    /// <summary>Waits for a job to end, well or not.</summary>
    public async Task<JsonElement> EndOfJobAsync(string id) => ((JsonElement?)await EventuallyAsync<object>(async () =>
        await Client.FindJobAsync(id, default) is { } job && job.GetProperty("state").GetString() is "Succeeded" or "Failed" or "Canceled" ? (object)job : null))!.Value;

    /// <summary>The dead letters of a queue, as the app lists them; of one code, or of any.</summary>
    public async IAsyncEnumerable<JsonElement> DeadLettersAsync(string queue, string? code = null, int count = 100)
    {
        for (string? next = ""; next is not null;)
        {
            var page = await Http.GetFromJsonAsync<JsonElement>($"/api/dead-letters?queue={queue}&count={count}{(code is null ? "" : $"&code={code}")}{(next.Length > 0 ? $"&after={next}" : "")}");
            foreach (var letter in page.GetProperty("deadLetters").EnumerateArray())
            {
                yield return letter;
            }

            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }
    }

    public static Uri Raw(string url) => new(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private async Task ReadEventsAsync()
    {
        var queue = Queue("upload-events");
        await queue.CreateIfNotExistsAsync();
        while (!_stop.IsCancellationRequested)
        {
            var messages = (await queue.ReceiveMessagesAsync(32)).Value;
            foreach (var message in messages)
            {
                _events.Enqueue(JsonDocument.Parse(message.Body.ToString()).RootElement);
                await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
            }

            if (messages.Length == 0)
            {
                await Task.Delay(50);
            }
        }
    }
}
