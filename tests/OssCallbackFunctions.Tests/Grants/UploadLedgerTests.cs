using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Tests.Grants;

public sealed class UploadLedgerTests(RunningApp app)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Now);

    [Theory]
    [InlineData("00:15:00", "00:16:00")]
    [InlineData("00:15:00.001", "00:16:01")]
    [InlineData("6.23:59:00", "7.00:00:00")]
    [InlineData("14.00:00:00", "7.00:00:00")]
    [InlineData("-00:02:00", "00:00:00")]
    public void Hides_an_entry_until_the_grant_is_over_and_no_longer_than_a_queue_can(string untilExpiry, string expected)
    {
        var entry = Entry(TimeSpan.Parse(untilExpiry, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Ledger(app.Stack.StorageConnectionString).DelayOf(entry));
    }

    [Fact]
    public void Is_due_with_the_grace_and_not_before_also_when_the_queue_could_not_wait_so_long()
    {
        var ledger = Ledger(app.Stack.StorageConnectionString);
        var entry = Entry(TimeSpan.FromDays(13));
        _clock.Advance(ledger.DelayOf(entry));
        Assert.False(ledger.IsDue(entry));
        Assert.Equal(TimeSpan.FromDays(6) + TimeSpan.FromMinutes(1), ledger.DelayOf(entry));
        _clock.Advance(ledger.DelayOf(entry) - TimeSpan.FromTicks(1));
        Assert.False(ledger.IsDue(entry));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(ledger.IsDue(entry));
    }

    [Fact]
    public void Is_due_when_the_credential_is_over_and_once_more_when_the_grant_is()
    {
        var ledger = Ledger(app.Stack.StorageConnectionString);
        var grant = Entry(TimeSpan.FromHours(6)).Grant;
        var entry = LedgerEntry.Lent(grant, "b", "k", Now, Now.AddMinutes(15));
        Assert.Equal(TimeSpan.FromMinutes(16), ledger.DelayOf(entry));
        _clock.Advance(TimeSpan.FromMinutes(16));
        Assert.True(ledger.IsDue(entry));
        var last = (entry with { PutOff = 3 }).ForLastLook;
        Assert.Equal(entry with { CredentialEnds = null }, last);
        Assert.False(ledger.IsDue(last));
        Assert.Equal(TimeSpan.FromHours(6) - TimeSpan.FromMinutes(15), ledger.DelayOf(last));
        Assert.Null(LedgerEntry.Lent(grant, "b", "k", Now, grant.Expires).CredentialEnds);
    }

    [Fact]
    public void Looks_once_at_what_an_entry_without_the_credentials_end_is_about()
    {
        var entry = LedgerEntry.Parse("""{"v":1,"id":"i","profile":"p","subject":"","bucket":"b","key":"k","issued":"2026-01-02T03:04:05Z","expires":"2026-01-02T09:04:05Z"}""");
        Assert.Null(entry.CredentialEnds);
        Assert.Equal(TimeSpan.FromHours(6) + TimeSpan.FromMinutes(1), Ledger(app.Stack.StorageConnectionString).DelayOf(entry));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 10)]
    [InlineData(6, 320)]
    [InlineData(7, 600)]
    [InlineData(100_000, 600)]
    public void Puts_an_entry_off_for_longer_each_time(int before, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), UploadLedger.OutageDelayOf(Entry(TimeSpan.Zero) with { PutOff = before }));

    [Fact]
    public void Is_due_at_once_when_a_callback_came() =>
        Assert.True(Ledger(app.Stack.StorageConnectionString).IsDue(LedgerEntry.Pending(Entry(TimeSpan.FromDays(1)).Grant, "b", "k", new ClaimedObject("E", 1, null, null, null))));

    [Fact]
    public async Task The_queue_takes_the_longest_delay()
    {
        var queue = app.Queue(UploadLedger.Queue);
        await Ledger(app.Stack.StorageConnectionString).ArmAsync(Entry(TimeSpan.FromDays(14)), default);
        Assert.True((await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount > 0);
    }

    [Fact]
    public async Task Calls_nothing_when_it_is_off()
    {
        var nowhere = $"http://127.0.0.1:{Sandbox.Ports.Free(1)[0]}/devstoreaccount1";
        await Ledger($"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;QueueEndpoint={nowhere};TableEndpoint={nowhere}", isEnabled: false)
            .ArmAsync(Entry(TimeSpan.FromDays(1)), default);
    }

    [Fact]
    public async Task Says_in_time_that_the_queue_does_not_take_an_entry()
    {
        var nowhere = $"http://127.0.0.1:{Sandbox.Ports.Free(1)[0]}/devstoreaccount1";
        var ledger = Ledger($"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;QueueEndpoint={nowhere};TableEndpoint={nowhere}");
        await Assert.ThrowsAsync<TimeoutException>(() => ledger.PendAsync(Entry(TimeSpan.FromDays(1)), default));
    }

    [Fact]
    public void Reads_what_it_writes()
    {
        var lent = new LedgerEntry("id", "default", "用户 7", "bucket", "a+b/../%/中文", Now, Now.AddHours(1));
        var pending = LedgerEntry.Pending(lent.Grant, lent.Bucket, lent.Key, new ClaimedObject("E", 1, ulong.MaxValue, "PutObject", null));
        foreach (var entry in new[] { lent, lent with { CredentialEnds = Now.AddMinutes(15) }, pending })
        {
            var json = JsonSerializer.Serialize(entry, LedgerJson.Default.LedgerEntry);
            Assert.StartsWith("{\"v\":1,", json, StringComparison.Ordinal);
            Assert.Equal(entry, LedgerEntry.Parse(json));
        }
    }

    [Fact]
    public void Keeps_the_variables_of_a_grant_in_its_entry()
    {
        var grant = new UploadGrant("id", "orders", "", Now.AddHours(1)) { Variables = new Dictionary<string, string> { ["order"] = "42", ["tenant"] = "" } };
        foreach (var entry in new[] { LedgerEntry.Lent(grant, "b", "k", Now), LedgerEntry.Pending(grant, "b", "k", new ClaimedObject("E", 1, null, null, null)) })
        {
            Assert.Equal(grant.Variables, LedgerEntry.Parse(JsonSerializer.Serialize(entry, LedgerJson.Default.LedgerEntry)).Grant.Variables);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("""{"v":2,"id":"i","profile":"p","subject":"","bucket":"b","key":"k","issued":"2026-01-02T03:04:05Z","expires":"2026-01-02T03:04:05Z"}""")]
    [InlineData("""{"v":1,"id":"i","profile":"p","subject":"","bucket":"b","key":"k","expires":"2026-01-02T03:04:05Z"}""")]
    public void Refuses_what_is_no_entry_of_its_version(string message) => Assert.Throws<JsonException>(() => LedgerEntry.Parse(message));

    private static LedgerEntry Entry(TimeSpan untilExpiry) => new("ledger-test", "default", "", "bucket", "key", Now, Now + untilExpiry);

    private UploadLedger Ledger(string connectionString, bool isEnabled = true) =>
        new(new StorageAccount(Options.Create(new StorageOptions { ConnectionString = connectionString })), _clock, Options.Create(new LedgerOptions { Enabled = isEnabled }));
}
