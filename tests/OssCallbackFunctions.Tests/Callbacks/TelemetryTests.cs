using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Oss.Emulator.Faults;
using Oss.Protocol;
using OssCallbackFunctions.Callbacks;
using OssCallbackFunctions.Grants;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>What is counted, timed and traced: by an app in this process, behind a gateway that takes a prefix off the path, which shares OSS and storage with the others.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private const string KeyUrl = "http://127.0.0.1/key.pem";

    private readonly RunningApp _others;
    private readonly RSA _oss = RSA.Create(2048);
    private readonly HttpClient _http = new();
    private readonly string _url;
    private readonly IHost _app;
    private readonly MeterListener _meters = new();
    private readonly ConcurrentQueue<(string Instrument, string Outcome, double Value)> _measured = new();

    public TelemetryTests(RunningApp others)
    {
        _others = others;
        _url = $"http://127.0.0.1:{Ports.Free(1)[0]}";
        _app = HostedApp.Build(
            others.Stack.Settings, _url, ["UploadCallback"], ("Callbacks__PublicBaseUrl", "http://gw.example.com/prefix"), ("Callbacks__FallbackBaseUrls", _url), ("Callbacks__TestKeyUrl", KeyUrl),
            ("Callbacks__TestKeyPem", _oss.ExportSubjectPublicKeyInfoPem()));
    }

    public async ValueTask InitializeAsync()
    {
        // Other apps of this process have meters of the same name.
        var meter = _app.Services.GetRequiredService<CallbackMetrics>().Meter;
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measured.Enqueue((instrument.Name, OutcomeOf(tags), value)));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measured.Enqueue((instrument.Name, OutcomeOf(tags), value)));
        _meters.Start();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        _app.Dispose();
        _meters.Dispose();
        _http.Dispose();
        _oss.Dispose();
    }

    [Fact]
    public async Task Each_refusal_is_counted_by_its_reason_and_answered_alike()
    {
        var key = RunningApp.NewKey();
        var stored = await _others.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        var grant = Grant();
        var body = BodyOf(key, stored.ETag, 1);

        Assert.Equal("key_refused", await CallAsync(TokenOf(grant, key), body, keyUrl: "http://evil.example.com/key.pem"));
        Assert.Equal("signature_refused", await CallAsync(TokenOf(grant, key), body, signed: body + " "));
        Assert.Equal("body_refused", await CallAsync(TokenOf(grant, key), "no JSON"));
        Assert.Equal("grant_forged", await CallAsync(TokenOf(grant, "other"), body));
        Assert.Equal("grant_expired", await CallAsync(TokenOf(grant with { Expires = DateTimeOffset.UtcNow.AddSeconds(-1) }, key), body));
        Assert.Equal("object_differs", await CallAsync(TokenOf(grant, key), BodyOf(key, stored.ETag, 2)));
        Assert.Equal("verified", await CallAsync(TokenOf(grant, key), body));
        var other = await _others.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 2 }));
        Assert.Equal("grant_used", await CallAsync(TokenOf(grant, key), BodyOf(key, other.ETag, 1)));
        Assert.Equal("body_too_large", await CallAsync(TokenOf(grant, key), new string(' ', 65_537)));
        Assert.All(_measured.Where(measured => measured.Instrument == "upload.callback.duration"), measured => Assert.True(measured.Value > 0));
    }

    [Fact]
    public async Task A_callback_that_the_ledger_was_sooner_than_is_counted_as_object_told()
    {
        var key = RunningApp.NewKey();
        var stored = await _others.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        var other = LedgerEntry.Lent(Grant() with { Expires = DateTimeOffset.UtcNow.AddMinutes(-2) }, Stack.Bucket, key, DateTimeOffset.UtcNow.AddMinutes(-3));
        var (settled, _) = await _app.Services.GetRequiredService<UploadSettlement>().SettleAsync(other, default);
        Assert.Equal(LedgerSettlement.Found, settled);
        Assert.Equal("object_told", await CallAsync(TokenOf(Grant(), key), BodyOf(key, stored.ETag, 1)));
    }

    [Theory]
    [InlineData(CallbackMetrics.Callbacks)]
    [InlineData(CallbackMetrics.Settlements)]
    public async Task The_page_has_every_outcome(string instrument)
    {
        var outcomes = instrument == CallbackMetrics.Callbacks
            ? Enum.GetValues<CallbackVerification>().Select(CallbackMetrics.NameOf).Append("failed")
            : Enum.GetValues<LedgerSettlement>().Select(CallbackMetrics.NameOf).Append("put_off");
        var row = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "README.md"))).Single(line => line.StartsWith($"| `{instrument}` |", StringComparison.Ordinal));
        Assert.All(outcomes, outcome => Assert.Contains($"`{outcome}`", row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_callback_that_waits_for_the_ledger_is_counted_as_pending()
    {
        var key = RunningApp.NewKey();
        var stored = await _others.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        _others.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = key, Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(3) } });
        Assert.Equal("pending", await CallAsync(TokenOf(Grant(), key), BodyOf(key, stored.ETag, 1)));
    }

    [Fact]
    public async Task What_becomes_of_entries_of_the_ledger_is_counted()
    {
        var function = ActivatorUtilities.CreateInstance<UploadLedgerFunctions>(_app.Services);
        var due = LedgerEntry.Lent(Grant() with { Expires = DateTimeOffset.UtcNow.AddMinutes(-2) }, Stack.Bucket, RunningApp.NewKey(), DateTimeOffset.UtcNow.AddMinutes(-3));
        await function.SettleAsync(JsonSerializer.Serialize(due, LedgerJson.Default.LedgerEntry), default);
        await function.SettleAsync(JsonSerializer.Serialize(due, LedgerJson.Default.LedgerEntry), default);
        await function.SettleAsync(JsonSerializer.Serialize(due with { Id = "a" + due.Id, Expires = DateTimeOffset.UtcNow.AddDays(1) }, LedgerJson.Default.LedgerEntry), default);
        var key = RunningApp.NewKey();
        _others.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = key, Times = 3, Effect = ErrorEffect.Of(OssErrorCode.InternalError) });
        await function.SettleAsync(JsonSerializer.Serialize(due with { Id = "b" + due.Id, Key = key }, LedgerJson.Default.LedgerEntry), default);
        Assert.Equal(["expired", "settled", "not_due", "put_off"], _measured.Where(measured => measured.Instrument == "upload.ledger.settlements").Select(measured => measured.Outcome));
    }

    [Theory]
    [InlineData("/prefix")]
    [InlineData("")]
    public async Task What_OSS_signed_may_be_the_path_of_any_of_the_addresses(string prefix)
    {
        var key = RunningApp.NewKey();
        var stored = await _others.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        Assert.Equal("verified", await CallAsync(TokenOf(Grant(), key), BodyOf(key, stored.ETag, 1), prefix: prefix));
        Assert.Equal("signature_refused", await CallAsync(TokenOf(Grant(), key), BodyOf(key, stored.ETag, 1), prefix: "/other"));
    }

    [Fact]
    public async Task The_activity_of_a_callback_belongs_to_the_trace_that_it_came_with()
    {
        var seen = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OssCallbackFunctions",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = seen.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var key = RunningApp.NewKey();
        var grant = Grant();
        var stored = await _others.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        var body = BodyOf(key, stored.ETag, 1)[..^1] + ",\"traceparent\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"}";
        Assert.Equal("verified", await CallAsync(TokenOf(grant, key), body));
        var activity = Assert.Single(seen, activity => activity.OperationName == "upload.callback" && grant.Id.Equals(activity.GetTagItem("upload.id")));
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", activity.TraceId.ToHexString());
        Assert.Equal("00f067aa0ba902b7", activity.ParentSpanId.ToHexString());
        Assert.Equal("verified", activity.GetTagItem("outcome"));
    }

    private static UploadGrant Grant() => new(Guid.NewGuid().ToString("N"), "default", "", DateTimeOffset.UtcNow.AddHours(1));

    private static string BodyOf(string key, string etag, long size) => JsonSerializer.Serialize(new { bucket = Stack.Bucket, @object = key, etag, size });

    private static string OutcomeOf(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.Length == 1 && tags[0].Key == "outcome" ? (string)tags[0].Value! : "";

    private string TokenOf(UploadGrant grant, string key) => _app.Services.GetRequiredService<UploadGrants>().Seal(grant, Stack.Bucket, key);

    /// <summary>Calls as OSS does, and returns what was counted.</summary>
    private async Task<string> CallAsync(string token, string body, string? signed = null, string keyUrl = KeyUrl, string prefix = "")
    {
        _measured.Clear();
        var path = $"/api/callbacks/oss/{token}";
        using var request = SignedCallback.Of(new Uri(_url + path), Encoding.UTF8.GetBytes(body), _oss, keyUrl, prefix + path, Encoding.UTF8.GetBytes(signed ?? body));
        using var response = await _http.SendAsync(request);
        var (counted, timed) = (_measured.Single(measured => measured.Instrument == "upload.callbacks"), _measured.Single(measured => measured.Instrument == "upload.callback.duration"));
        Assert.Equal((1, timed.Outcome), (counted.Value, counted.Outcome));
        if (response.StatusCode != HttpStatusCode.OK)
        {
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            Assert.Equal(counted.Outcome == "body_too_large" ? "body_too_large" : "callback_refused", problem.RootElement.GetProperty("code").GetString());
            Assert.False(problem.RootElement.TryGetProperty("detail", out _));
        }

        return counted.Outcome;
    }
}
