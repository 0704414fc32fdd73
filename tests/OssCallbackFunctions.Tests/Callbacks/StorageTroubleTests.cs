using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Oss.Protocol;
using OssCallbackFunctions.Callbacks;
using OssCallbackFunctions.Grants;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>Callbacks and entries of the ledger while tables answer late, not at all, or with an error: in an app of this process, which shares OSS and the rest of the storage account with the others.</summary>
public sealed class StorageTroubleTests(RunningApp others) : IAsyncLifetime
{
    private const string KeyUrl = "http://127.0.0.1/key.pem";

    private readonly RSA _oss = RSA.Create(2048);
    private readonly HttpClient _http = new();
    private readonly string _url = $"http://127.0.0.1:{Ports.Free(1)[0]}";
    private readonly List<IHost> _apps = [];
    private StorageProxy _tables = null!;
    private StorageProxy _queues = null!;

    public async ValueTask InitializeAsync()
    {
        _tables = await StorageProxy.StartAsync(others.Table("uploads").Uri);
        _queues = await StorageProxy.StartAsync(others.Queue("upload-ledger").Uri);
    }

    public async ValueTask DisposeAsync()
    {
        _tables.Release();
        foreach (var app in _apps)
        {
            await app.StopAsync();
            app.Dispose();
        }

        await _tables.DisposeAsync();
        await _queues.DisposeAsync();
        _http.Dispose();
        _oss.Dispose();
    }

    [Theory]
    [InlineData("uploads(")]
    [InlineData("uploadobjects")]
    [InlineData("uploads?")]
    public async Task A_callback_is_answered_in_time_when_a_table_hangs_and_told_of_when_it_answers_again(string request)
    {
        // The look at the record, the object's row, the upload's.
        var app = await StartAsync();
        var (key, grant, body) = await StoreAsync();
        _tables.Holds = asked => asked.Target.Contains($"/{request}", StringComparison.Ordinal) && asked.Body.Length + asked.Target.Count(c => c == '\'') > 0;
        var answer = await CallAsync(app, grant, key, body);
        Assert.Equal(JsonSerializer.Serialize(new { state = "pending", id = grant.Id, bucket = Stack.Bucket, key }), answer.GetRawText());
        Assert.Empty(others.Events(grant.Id));

        _tables.Release();
        Assert.Single((await others.EventsOfAsync(grant.Id)).Select(told => told.GetProperty("id").GetString()).Distinct());
    }

    [Fact]
    public async Task A_callback_that_cannot_be_recorded_in_time_is_refused_when_there_is_no_ledger()
    {
        var app = await StartAsync(("Ledger:Enabled", "false"));
        var (key, grant, body) = await StoreAsync();
        _tables.Holds = asked => asked.Target.Contains("/uploadobjects", StringComparison.Ordinal) && asked.Method == "POST";
        Assert.Equal("unavailable", (await CallAsync(app, grant, key, body)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("true", "verified")]
    [InlineData("false", "unavailable")]
    public async Task An_upload_that_is_told_and_cannot_be_marked_so_is_verified_since_the_ledger_marks_it(string hasLedger, string expected)
    {
        var app = await StartAsync(("Ledger:Enabled", hasLedger));
        var (key, grant, body) = await StoreAsync();
        _tables.Fails = asked => asked.Method is "PATCH" or "MERGE" && asked.Target.Contains("/uploads(", StringComparison.Ordinal) ? 403 : null;
        var answer = await CallAsync(app, grant, key, body);
        Assert.Equal(expected, answer.TryGetProperty("state", out var state) ? state.GetString() : answer.GetProperty("code").GetString());
        await others.EventsOfAsync(grant.Id);
        Assert.Equal(false, (await others.RowAsync(grant.Id)).GetBoolean("EventSent"));

        _tables.Fails = _ => null;
        await SettleAsync(app, LedgerEntry.Lent(grant with { Expires = DateTimeOffset.UtcNow.AddMinutes(-2) }, Stack.Bucket, key, DateTimeOffset.UtcNow.AddMinutes(-3)));
        Assert.Equal(true, (await others.RowAsync(grant.Id)).GetBoolean("EventSent"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task An_entry_is_put_off_while_tables_fail_and_keeps_its_id(int status)
    {
        var app = await StartAsync();
        _tables.Fails = asked => asked.Target.Contains("/uploads(", StringComparison.Ordinal) ? status : null;
        var entry = LedgerEntry.Lent(Grant() with { Expires = DateTimeOffset.UtcNow.AddMinutes(-2) }, Stack.Bucket, RunningApp.NewKey(), DateTimeOffset.UtcNow.AddMinutes(-3));
        await SettleAsync(app, entry);
        var (left, _) = Assert.Single(LeftInLedger());
        Assert.Equal(entry with { PutOff = 1 }, left);
        Assert.Equal("Expired", (await others.RowAsync(entry.Id)).GetString("State"));
    }

    [Fact]
    public async Task An_entry_fails_that_the_storage_account_refuses_for_good()
    {
        var app = await StartAsync();
        _tables.Fails = asked => asked.Target.Contains("/uploads(", StringComparison.Ordinal) ? 403 : null;
        var entry = LedgerEntry.Lent(Grant() with { Expires = DateTimeOffset.UtcNow.AddMinutes(-2) }, Stack.Bucket, RunningApp.NewKey(), DateTimeOffset.UtcNow.AddMinutes(-3));
        await Assert.ThrowsAsync<Azure.RequestFailedException>(() => SettleAsync(app, entry));
        Assert.Empty(LeftInLedger());
    }

    [Fact]
    public async Task An_entry_that_is_due_in_nine_days_is_left_again_for_as_long_as_a_queue_can_hide_it()
    {
        var app = await StartAsync();
        var entry = LedgerEntry.Lent(Grant() with { Expires = DateTimeOffset.UtcNow.AddDays(14) }, Stack.Bucket, RunningApp.NewKey(), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(9));
        await SettleAsync(app, entry);
        var (left, delay) = Assert.Single(LeftInLedger());
        Assert.Equal(entry, left);
        Assert.Equal(TimeSpan.FromDays(7), delay);
    }

    [Fact]
    public async Task An_object_is_given_back_when_another_callback_with_its_grant_is_recorded_in_the_same_moment()
    {
        var app = await StartAsync();
        var records = app.Services.GetRequiredService<UploadRecords>();
        var key = RunningApp.NewKey();
        var (first, second) = (Happened(Guid.NewGuid().ToString("N"), key, "A1"), DateTimeOffset.UtcNow);
        Assert.Equal(CallbackVerification.Verified, (await records.RecordAsync(first, second, second.AddHours(1), default)).Verification);
        Assert.Equal(CallbackVerification.Verified, (await records.RecordAsync(first, second.AddSeconds(2), second.AddHours(1), default)).Verification);
        Assert.Equal(CallbackVerification.GrantUsed, (await records.RecordAsync(Happened(first.Data.UploadId, key, "B2"), second, second.AddHours(1), default)).Verification);
        var rows = await others.Table("uploadobjects").QueryAsync<TableEntity>().Where(row => row.GetString("Key") == key).ToListAsync();
        Assert.StartsWith("A1@", Assert.Single(rows).RowKey, StringComparison.Ordinal);
    }

    private static UploadEvent Happened(string id, string key, string etag) =>
        UploadEvent.Of(new UploadEventData(id, "default", null, Stack.Bucket, key, 1, etag, null, null, null, null), DateTimeOffset.UtcNow);

    private static UploadGrant Grant() => new(Guid.NewGuid().ToString("N"), "default", "", DateTimeOffset.UtcNow.AddHours(1));

    private static Task SettleAsync(IHost app, LedgerEntry entry) =>
        ActivatorUtilities.CreateInstance<UploadLedgerFunctions>(app.Services).SettleAsync(JsonSerializer.Serialize(entry, LedgerJson.Default.LedgerEntry), default);

    private async Task<IHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var app = HostedApp.Build(
            others.Stack.Settings, _url, ["UploadCallback"],
            [
                ("AzureWebJobsStorage", _queues.Instead(_tables.Instead(others.Stack.StorageConnectionString))), ("Callbacks__PublicBaseUrl", _url), ("Callbacks__TestKeyUrl", KeyUrl),
                ("Callbacks__TestKeyPem", _oss.ExportSubjectPublicKeyInfoPem()), .. settings,
            ]);
        _apps.Add(app);
        await app.StartAsync();
        return app;
    }

    private async Task<(string Key, UploadGrant Grant, string Body)> StoreAsync()
    {
        var key = RunningApp.NewKey();
        var stored = await others.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        return (key, Grant(), JsonSerializer.Serialize(new { bucket = Stack.Bucket, @object = key, etag = stored.ETag, size = 1 }));
    }

    /// <summary>Calls as OSS does; what is not answered before the proxy lets go fails by the client's patience.</summary>
    private async Task<JsonElement> CallAsync(IHost app, UploadGrant grant, string key, string body)
    {
        var url = app.Services.GetRequiredService<CallbackAddress>().For(grant, Stack.Bucket, key).Urls.Single();
        using var request = SignedCallback.Of(new Uri(url), Encoding.UTF8.GetBytes(body), _oss, KeyUrl);
        using var response = await _http.SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>What this app has left in the ledger, and how long the queue hides it.</summary>
    private IEnumerable<(LedgerEntry Entry, TimeSpan Delay)> LeftInLedger() =>
        from sent in _queues.Requests
        where sent.Method == "POST" && sent.Target.Contains("/upload-ledger/messages", StringComparison.Ordinal)
        let text = System.Xml.Linq.XDocument.Parse(sent.Body.TrimStart('\uFEFF')).Root!.Element("MessageText")!.Value
        let delay = System.Web.HttpUtility.ParseQueryString(new Uri("http://x" + sent.Target).Query)["visibilitytimeout"]
        select (LedgerEntry.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(text))), TimeSpan.FromSeconds(int.Parse(delay!, System.Globalization.CultureInfo.InvariantCulture)));
}
