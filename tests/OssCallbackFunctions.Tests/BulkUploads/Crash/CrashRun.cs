using System.Diagnostics;
using Azure;
using Azure.Data.Tables;
using Oss.Emulator.Faults;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Tests.ExactlyOnce;

namespace OssCallbackFunctions.Tests.BulkUploads.Crash;

/// <summary>A job as its rows were when it had ended.</summary>
internal sealed record EndedJob(BulkUploadRecord Record, IReadOnlyList<UploadObject> Objects);

/// <summary>Carries out both jobs while instances are killed, and waits until all work is done and forgotten.</summary>
internal sealed class CrashRun(CrashApp app, CrashPlan plan)
{
    private static readonly string[] WorkQueues = [BulkUploadQueues.Jobs, BulkUploadQueues.Work, BulkUploadQueues.UrgentWork];
    private static readonly TimeSpan LongestWithoutKills = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestForAKill = TimeSpan.FromSeconds(15);

    public int Kills { get; private set; }

    public EndedJob Many { get; private set; } = null!;

    public EndedJob Large { get; private set; } = null!;

    public IReadOnlyList<InstalledFault> Faults { get; private set; } = [];

    /// <summary>Time until nobody was killed any more, and until nothing was left on the queues.</summary>
    public (TimeSpan Killed, TimeSpan Forgotten) Took { get; private set; }

    /// <summary>Runs to the end; the app is idle when this returns, and no fault is left.</summary>
    public async Task RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        Faults = CrashFaults.Install(app.Stack.Oss.Faults, plan.Seed);
        await app.Client.EnqueueAsync(plan.Many, default);
        await app.Client.EnqueueAsync(plan.Large, default);
        var killer = new Killer(app.Instances, () => app.Stack.Oss.Requests.Count, plan.Seed);
        using var stop = new CancellationTokenSource();
        TimeSpan killed;
        var killing = killer.RunAsync(stop.Token);
        try
        {
            var (many, large) = (EndOfAsync(plan.ManyId), EndOfAsync(plan.LargeId));
            while (killer.Kills < plan.Kills && !killing.IsCompleted && !(many.IsCompleted && large.IsCompleted))
            {
                await Task.Delay(50);
            }

            await stop.CancelAsync();
            await killing;
            killed = Stopwatch.GetElapsedTime(started);
            (Many, Large) = (await many, await large);
        }
        finally
        {
            await stop.CancelAsync();
            await killing;
        }

        Kills = killer.Kills;
        app.Stack.Oss.Faults.Clear();
        await RunningApp.EventuallyAsync(async () => await NothingIsLeftAsync() ? this : null);
        Took = (killed, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Messages on a queue, hidden ones too; none when there is no queue.</summary>
    public async Task<int> DepthAsync(string queue)
    {
        try
        {
            return (await app.Queue(queue).GetPropertiesAsync()).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return 0;
        }
    }

    /// <summary>Waits for a job to end, and reads its rows before they are removed.</summary>
    private async Task<EndedJob> EndOfAsync(string id)
    {
        var table = app.Table(BulkUploadRecords.Table);
        for (var end = DateTime.UtcNow + LongestWithoutKills + LongestForAKill * plan.Kills; ; await Task.Delay(200))
        {
            var row = await FindAsync(table, id);
            if (row is not null && BulkUploadRecord.From(row) is { IsFinal: true } record)
            {
                var objects = await table.QueryAsync<TableEntity>(UploadObjectRows.Between(id, 0, UploadObjectRows.End)).Select(UploadObject.From).ToListAsync();
                return new EndedJob(record, objects);
            }

            Assert.True(DateTime.UtcNow < end, $"Job {id} does not end: {string.Join(", ", row?.Select(pair => $"{pair.Key} {pair.Value}") ?? [])}");
        }
    }

    private static async Task<TableEntity?> FindAsync(TableClient table, string id)
    {
        try
        {
            return await table.GetEntityIfExistsAsync<TableEntity>(id, BulkUploadRecord.Row) is { HasValue: true } found ? found.Value : null;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Nobody has made the table yet.
            return null;
        }
    }

    private async Task<bool> NothingIsLeftAsync()
    {
        foreach (var queue in WorkQueues)
        {
            if (await DepthAsync(queue) > 0)
            {
                return false;
            }
        }

        return true;
    }
}
