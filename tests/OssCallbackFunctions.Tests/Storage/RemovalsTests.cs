using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Tests.Storage;

public sealed class RemovalsTests(RunningApp app)
{
    private const string Table = "removalstest";
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Now);
    private readonly string _partition = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Removes_a_row_when_it_is_due_and_not_before()
    {
        var table = await TableAsync("one", "other");
        var removal = new Removal([new RowRemoval(Table, _partition, "one", Now.AddSeconds(1))]);
        Assert.Equal(removal.Rows, (await Removals.RemoveAsync(removal, default))!.Rows);
        Assert.Equal(["one", "other"], await RowsAsync(table));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await Removals.RemoveAsync(removal, default));
        Assert.Equal(["other"], await RowsAsync(table));

        // The message may come twice.
        Assert.Null(await Removals.RemoveAsync(removal, default));
    }

    [Fact]
    public async Task Removes_a_whole_partition_however_many_rows_it_has_and_no_other()
    {
        var table = await TableAsync([.. Enumerable.Range(0, 203).Select(i => $"row-{i}")]);
        var stranger = Guid.NewGuid().ToString("N");
        await table.AddEntityAsync(new TableEntity(stranger, "row-0"));
        Assert.Null(await Removals.RemoveAsync(new Removal([new RowRemoval(Table, _partition, null, Now)]), default));
        Assert.Empty(await RowsAsync(table));
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>(stranger, "row-0")).HasValue);
    }

    [Fact]
    public async Task Leaves_a_row_that_is_not_settled_for_later_and_removes_the_others()
    {
        var table = await TableAsync("settled", "plain");
        await table.AddEntityAsync(new TableEntity(_partition, "open") { ["Done"] = false });
        var removal = new Removal([new RowRemoval(Table, _partition, "open", Now, "Done"), new RowRemoval(Table, _partition, "plain", Now, "Done")]);
        var left = Assert.Single((await Removals.RemoveAsync(removal, default))!.Rows);
        Assert.Equal(removal.Rows[0] with { Due = Now.AddHours(6) }, left);
        Assert.Equal(["open", "settled"], await RowsAsync(table));

        // Nor any of its partition.
        Assert.NotNull(await Removals.RemoveAsync(new Removal([new RowRemoval(Table, _partition, null, Now, "Done")]), default));
        Assert.Equal(["open", "settled"], await RowsAsync(table));
        await table.UpdateEntityAsync(new TableEntity(_partition, "open") { ["Done"] = true }, ETag.All);
        _clock.Advance(TimeSpan.FromHours(6));
        Assert.Null(await Removals.RemoveAsync(new Removal([left]), default));
        Assert.Equal(["settled"], await RowsAsync(table));
    }

    [Theory]
    [InlineData("0.00:00:10", "0.00:00:10")]
    [InlineData("30.00:00:00", "7.00:00:00")]
    [InlineData("-1.00:00:00", "0.00:00:00")]
    public void Waits_for_the_first_of_its_rows_and_no_longer_than_a_queue_can(string due, string expected)
    {
        RowRemoval[] rows = [new(Table, "p", "late", Now.AddDays(300)), new(Table, "p", "r", Now + Span(due))];
        Assert.Equal(Span(expected), Removals.DelayOf(new Removal(rows)));
    }

    [Fact]
    public async Task The_app_carries_out_what_is_due_and_puts_off_what_is_not()
    {
        var table = await TableAsync("due", "later");
        RowRemoval[] rows = [new(Table, _partition, "due", DateTimeOffset.UtcNow), new(Table, _partition, "later", DateTimeOffset.UtcNow.AddSeconds(5))];
        await new Removals(Account, TimeProvider.System).LeaveAsync(new Removal(rows), default);
        await RunningApp.EventuallyAsync(async () => await RowsAsync(table) is { Length: 0 } none ? none : null);
    }

    [Fact]
    public void Reads_what_it_writes()
    {
        var json = JsonSerializer.Serialize(new Removal([new RowRemoval("t", "p'中", null, Now), new RowRemoval("t", "p", "r", Now, "Done")]), RemovalJson.Default.Removal);
        Assert.StartsWith("{\"v\":1,", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(Removal.Parse(json), RemovalJson.Default.Removal));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"v":1,"rows":[]}""")]
    [InlineData("""{"v":1,"rows":[null]}""")]
    [InlineData("""{"v":1,"rows":[{"table":"t","row":"r","due":"2026-01-02T03:04:05Z"}]}""")]
    [InlineData("""{"v":2,"rows":[{"table":"t","partition":"p","due":"2026-01-02T03:04:05Z"}]}""")]
    public void Refuses_what_is_no_removal_of_its_version(string message) => Assert.Throws<JsonException>(() => Removal.Parse(message));

    private StorageAccount Account => new(Options.Create(new StorageOptions { ConnectionString = app.Stack.StorageConnectionString }));

    private Removals Removals => new(Account, _clock);

    private async Task<TableClient> TableAsync(params string[] rows)
    {
        var table = app.Table(Table);
        await table.CreateIfNotExistsAsync();
        foreach (var some in rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(_partition, row))).Chunk(100))
        {
            await table.SubmitTransactionAsync(some);
        }

        return table;
    }

    private async Task<string[]> RowsAsync(TableClient table) =>
        [.. (await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {_partition}")).ToListAsync()).Select(row => row.RowKey)];

    private static TimeSpan Span(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
