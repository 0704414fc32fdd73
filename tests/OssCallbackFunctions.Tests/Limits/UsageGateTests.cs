using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.Limits;
using OssCallbackFunctions.Storage;
using Sandbox;

namespace OssCallbackFunctions.Tests.Limits;

/// <summary>Counting by the clock, and by many at once.</summary>
public sealed class UsageGateTests(RunningApp app)
{
    private static readonly UploadUse OneByte = new(1);

    // In years to come: the app, which goes by its own clock, removes nothing of it.
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2096, 1, 2, 23, 58, 59, 500, TimeSpan.Zero));
    private readonly string _partition = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_minute_ends_with_the_minute_and_a_day_at_midnight_UTC()
    {
        var gate = Gate(new CallerLimits(2, 3, null));
        await GrantedAsync(gate, OneByte, OneByte);
        Assert.Equal(("too_many_credentials", 1), await RefusedAsync(gate, OneByte));
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(("too_many_bytes", 60), await RefusedAsync(gate, new UploadUse(2)));
        await GrantedAsync(gate, OneByte);
        Assert.Equal(("too_many_bytes", 60), await RefusedAsync(gate, OneByte));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await GrantedAsync(gate, new UploadUse(3));
        Assert.Equal(("too_many_bytes", 86_400), await RefusedAsync(gate, OneByte));
    }

    [Fact]
    public async Task An_instance_whose_clock_is_behind_counts_in_the_minute_that_another_began()
    {
        var limits = new CallerLimits(2, null, null);
        var behind = new FakeTimeProvider(_clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(1));
        await GrantedAsync(Gate(limits), OneByte);
        await GrantedAsync(Gate(limits, behind), OneByte);
        Assert.Equal("too_many_credentials", (await RefusedAsync(Gate(limits, behind), OneByte)).Code);
        Assert.Equal("too_many_credentials", (await RefusedAsync(Gate(limits), OneByte)).Code);
    }

    [Fact]
    public async Task What_is_given_back_counts_no_more_unless_its_minute_or_day_is_over()
    {
        var gate = Gate(new CallerLimits(1, 10, null));
        var taken = (await gate.TakeAsync(new UploadUse(10))).Value!;
        await gate.GiveBackAsync(taken);
        taken = (await gate.TakeAsync(new UploadUse(10))).Value!;
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("too_many_bytes", (await RefusedAsync(gate, OneByte)).Code);
        await gate.GiveBackAsync(taken);
        taken = (await gate.TakeAsync(new UploadUse(10))).Value!;
        _clock.Advance(TimeSpan.FromMinutes(1));
        await GrantedAsync(gate, OneByte);
        await gate.GiveBackAsync(taken);
        Assert.Equal("too_many_credentials", (await RefusedAsync(gate, OneByte)).Code);
    }

    [Fact]
    public async Task Many_instances_together_grant_exactly_as_much_as_there_is()
    {
        var gates = Enumerable.Range(0, 8).Select(_ => Gate(new CallerLimits(null, 150, 20), TimeProvider.System)).ToList();
        var open = new UploadUse(1, DateTimeOffset.UtcNow.AddHours(1));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => gates[i % gates.Count].TakeAsync(i % 4 == 0 ? open : OneByte)));
        Assert.Equal(150, await BytesAsync());
        Assert.Equal(150, outcomes.Count(outcome => outcome.Value is not null));
        var slots = outcomes.Where(outcome => outcome.Value?.Slot is not null).Select(outcome => outcome.Value!.Slot).ToList();
        Assert.InRange(slots.Count, 0, 20);
        Assert.Equal(slots.Order(StringComparer.Ordinal), await SlotsAsync());
    }

    [Fact]
    public async Task A_multipart_upload_counts_no_more_when_its_time_is_over()
    {
        var gate = Gate(new CallerLimits(null, null, 1));
        await GrantedAsync(gate, new UploadUse(1, _clock.GetUtcNow().AddSeconds(1)), OneByte);
        Assert.Equal(("too_many_multiparts", 60), await RefusedAsync(gate, new UploadUse(1, _clock.GetUtcNow().AddSeconds(9))));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await GrantedAsync(gate, new UploadUse(1, _clock.GetUtcNow().AddSeconds(9)));
    }

    [Fact]
    public async Task The_row_of_a_caller_is_removed_when_its_last_day_is_over()
    {
        var gate = Gate(new CallerLimits(5, null, null));
        await GrantedAsync(gate, OneByte);
        var midnight = new DateTimeOffset(2096, 1, 3, 0, 0, 0, TimeSpan.Zero);
        var removal = new Removal([new RowRemoval("usage", _partition, UsageRecord.Row, midnight, Until: UsageRecord.UntilColumn)]);
        _clock.SetUtcNow(midnight);
        await GrantedAsync(gate, OneByte);
        var left = await Removals.RemoveAsync(removal, default);
        Assert.Equal(midnight.AddDays(1), Assert.Single(left!.Rows).Due);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await Removals.RemoveAsync(left, default));
        Assert.False((await app.Table("usage").GetEntityIfExistsAsync<TableEntity>(_partition, UsageRecord.Row)).HasValue);
        await GrantedAsync(gate, OneByte);
    }

    [Fact]
    public async Task Nothing_is_granted_while_the_storage_account_does_not_answer()
    {
        var nowhere = $"http://127.0.0.1:{Ports.Free(1)[0]}";
        var account = new StorageAccount(Options.Create(new StorageOptions { ConnectionString = $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;QueueEndpoint={nowhere}/a;TableEndpoint={nowhere}/a" }));
        var gate = new UsageGate(_partition, new CallerLimits(1, null, null), new UsageRecords(account, new Removals(account, _clock)), TimeProvider.System, NewId, () => 0.5);
        await Assert.ThrowsAnyAsync<Exception>(() => gate.TakeAsync(OneByte));

        // Nor does the gate stay shut for those who come then.
        await Assert.ThrowsAnyAsync<Exception>(() => gate.TakeAsync(OneByte));
    }

    private StorageAccount Account => new(Options.Create(new StorageOptions { ConnectionString = app.Stack.StorageConnectionString }));

    private Removals Removals => new(Account, _clock);

    private UsageGate Gate(CallerLimits limits, TimeProvider? clock = null) =>
        // Without pauses, which would not end by a clock that stands still.
        new(_partition, limits, new UsageRecords(Account, new Removals(Account, clock ?? _clock)), clock ?? _clock, NewId, clock == TimeProvider.System ? Random.Shared.NextDouble : () => 0);

    private static string NewId() => Guid.NewGuid().ToString("N");

    private static async Task GrantedAsync(UsageGate gate, params IEnumerable<UploadUse> uses)
    {
        foreach (var use in uses)
        {
            Assert.Null((await gate.TakeAsync(use)).Problem);
        }
    }

    private static async Task<(string Code, int? RetryAfter)> RefusedAsync(UsageGate gate, UploadUse use) =>
        (await gate.TakeAsync(use)).Problem is { } problem ? (problem.Code, problem.RetryAfter) : ("granted", null);

    private async Task<long?> BytesAsync() => (await app.Table("usage").GetEntityAsync<TableEntity>(_partition, UsageRecord.Row)).Value.GetInt64("Bytes");

    private async Task<List<string>> SlotsAsync() =>
        await app.Table("usage").QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {_partition} and RowKey ne {UsageRecord.Row}")).Select(row => row.RowKey).ToListAsync();
}
