using System.Text.Json;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Telemetry;
using Sandbox;

namespace OssCallbackFunctions.Tests.Telemetry;

/// <summary>What waits in a storage account that nobody works on.</summary>
public sealed class StateWatchTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gauges-").FullName;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private Azurite _azurite = null!;
    private ServiceProvider _services = null!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await Azurite.StartAsync(_folder, null, null, TestContext.Current.CancellationToken);
        _services = Services(_azurite.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _azurite.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Tells_the_length_of_each_queue_hidden_messages_included_and_none_for_one_that_is_not_there()
    {
        var queue = await QueueAsync("webhook-deliveries-poison");
        await queue.SendMessageAsync("one");
        await queue.SendMessageAsync("two", visibilityTimeout: TimeSpan.FromHours(1));
        var gauges = await LookAsync();
        Assert.Equal((2, 0, 14), (gauges.Queues["webhook-deliveries-poison"], gauges.Queues["upload-ledger"], gauges.Queues.Count));
    }

    [Fact]
    public async Task Tells_entries_of_the_ledger_that_are_overdue_by_more_than_two_minutes()
    {
        var queue = await QueueAsync(UploadLedger.Queue);
        Assert.Equal(0, (await LookAsync()).Overdue);

        // Due in 10 minutes and the grace of one; put off for 10 more minutes; none of ours. Each can be seen at once here.
        var entry = LedgerEntry.Lent(new UploadGrant("id", "default", "", _clock.GetUtcNow().AddMinutes(10)), "examplebucket", "key", _clock.GetUtcNow());
        await queue.SendMessageAsync(JsonSerializer.Serialize(entry, LedgerJson.Default.LedgerEntry));
        await queue.SendMessageAsync(JsonSerializer.Serialize(entry with { PutOff = 12 }, LedgerJson.Default.LedgerEntry));
        await queue.SendMessageAsync("none of ours");
        _clock.Advance(TimeSpan.FromMinutes(2.5));
        Assert.Equal(1, (await LookAsync()).Overdue);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, (await LookAsync()).Overdue);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, (await LookAsync()).Overdue);
    }

    [Fact]
    public async Task Tells_jobs_that_run_without_progress_for_fifteen_minutes_and_those_alone()
    {
        var records = _services.GetRequiredService<BulkUploadRecords>();
        foreach (var id in (string[])["stalled", "moving", "paused", "ended"])
        {
            await records.AddAsync(id, new BulkUploadJob { Source = new BulkUploadSource { File = "a" }, Key = "a" }, null, default);
            var state = id switch { "paused" => BulkUploadState.Paused, "ended" => BulkUploadState.Failed, _ => BulkUploadState.Running };
            await records.UpdateAsync(id, job => job with { State = state }, default);
        }

        Assert.Equal(0, (await LookAsync()).Stalled);
        _clock.Advance(TimeSpan.FromMinutes(15.1));
        var moving = (await records.FindAsync("moving", default))!;
        await records.TouchAsync(moving, default);
        Assert.Equal(1, (await LookAsync()).Stalled);

        // One that ended is looked at again after an hour.
        await records.UpdateAsync("ended", job => job with { State = BulkUploadState.Running }, default);
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(2, (await LookAsync()).Stalled);
        _clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(3, (await LookAsync()).Stalled);
    }

    [Fact]
    public async Task Tells_nothing_of_what_cannot_be_looked_at()
    {
        var wrong = _azurite.ConnectionString.Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);
        await using var services = Services(wrong);
        var gauges = await LookAsync(services);
        Assert.Equal((0, null, null), (gauges.Queues.Count, gauges.Overdue, gauges.Stalled));
    }

    private Task<StateMetrics> LookAsync() => LookAsync(_services);

    private static async Task<StateMetrics> LookAsync(ServiceProvider services)
    {
        await services.GetServices<IHostedService>().OfType<StateWatch>().Single().LookAsync(TestContext.Current.CancellationToken);
        return services.GetRequiredService<StateMetrics>();
    }

    private ServiceProvider Services(string storage)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = storage, ["OSS_ACCESS_KEY_ID"] = "id", ["OSS_ACCESS_KEY_SECRET"] = "secret", ["Oss:Region"] = "cn-hangzhou",
            ["Oss:Endpoint"] = "https://oss-cn-hangzhou.aliyuncs.com", ["Oss:Bucket"] = "examplebucket", ["Callbacks:PublicBaseUrl"] = "https://fn.example.com",
            ["Grants:Secret"] = Convert.ToBase64String(new byte[32]), ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = "http://127.0.0.1:1/",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddOssCallbackFunctions(configuration).AddSingleton<TimeProvider>(_clock).BuildServiceProvider();
    }

    private async Task<QueueClient> QueueAsync(string name)
    {
        var queue = new QueueClient(_azurite.ConnectionString, name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05) { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync();
        return queue;
    }
}
