using System.Collections.Concurrent;
using System.Diagnostics;
using Azure;
using Oss.Emulator.Faults;
using Oss.Protocol;
using OssCallbackFunctions.Storage;
using Sandbox;

namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>Carries a plan out while instances are killed, and waits until the ledger is empty.</summary>
internal sealed class ChaosRun(ChaosApp app, int seed, IReadOnlyList<PlannedUpload> plan)
{
    private const int Uploaders = 12;
    private const string Ledger = "upload-ledger";

    // Azurite takes longer for each message the more there are.
    private const int MostInLedger = 450;
    private const int MostRemovals = 50;
    private const int FewInLedger = 30;
    private static readonly TimeSpan LongestSettling = TimeSpan.FromMinutes(5);

    private readonly ConcurrentQueue<PlannedUpload> _todo = new(plan);
    private readonly ConcurrentBag<LentCredential> _lent = [];
    private readonly ConcurrentBag<Task> _waiting = [];
    private volatile int _inLedger;

    /// <summary>The credentials that arrived.</summary>
    public IReadOnlyCollection<LentCredential> Lent => _lent;

    public ChaosClient Client { get; private set; } = null!;

    public int Kills { get; private set; }

    /// <summary>Time until the last upload was done, and until the ledger was empty.</summary>
    public (TimeSpan Uploaded, TimeSpan Settled) Took { get; private set; }

    public ILookup<string, InstalledFault> Faults { get; private set; } = null!;

    /// <summary>Runs to the end; the app is idle when this returns, and no fault is left.</summary>
    public async Task RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var another = await app.Stack.StartAnotherAppAsync();
        AppProcess[] instances = [app.Stack.App, another];
        using var client = Client = new ChaosClient(app, [.. instances.Select(instance => instance.Url)]);
        Faults = ChaosFaults.Install(app.Stack.Oss.Faults, seed, tooLate: ChaosApp.Due + TimeSpan.FromSeconds(3));
        var looks = app.Stack.Oss.Faults.Add(new Fault("HeadObject", Probability: 0) { Effect = ErrorEffect.Of(OssErrorCode.InternalError) });
        var killer = new Killer(instances, () => looks.Matches, seed);
        using var stopKilling = new CancellationTokenSource();
        using var stopWatching = new CancellationTokenSource();
        var watching = WatchLedgerAsync(stopWatching.Token);
        var killing = killer.RunAsync(stopKilling.Token);
        TimeSpan uploaded;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Uploaders).Select(_ => UploadAsync()));
            await Task.WhenAll(_waiting);
            uploaded = Stopwatch.GetElapsedTime(started);
            // Workers die while the ledger is settled, too; for the end of it they live.
            await LedgerHasAtMostAsync(FewInLedger);
        }
        finally
        {
            await stopKilling.CancelAsync();
            await killing;
            await stopWatching.CancelAsync();
            await watching;
        }

        await LedgerHasAtMostAsync(0);
        Took = (uploaded, Stopwatch.GetElapsedTime(started));
        Kills = killer.Kills;
        app.Stack.Oss.Faults.Clear();
        await EventsAreReadAsync();
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

    private async Task UploadAsync()
    {
        while (_todo.TryDequeue(out var planned))
        {
            while (_inLedger > MostInLedger)
            {
                await Task.Delay(100);
            }

            if (planned.Shape == UploadShape.AsAnotherComesDue)
            {
                _waiting.Add(UploadAsAnotherComesDueAsync(planned));
            }
            else
            {
                await UploadAsync(planned);
            }
        }
    }

    private async Task UploadAsync(PlannedUpload planned)
    {
        if (planned.Shape == UploadShape.InParts)
        {
            var begun = await Client.BeginAsync(planned.Key, planned.First);
            _lent.Add(begun);
            await Client.UploadInPartsAsync(begun);
            return;
        }

        var first = await LendAsync(planned.Key, planned.First);
        switch (planned.Shape)
        {
            case UploadShape.Once:
                await Client.UploadAsync(first);
                break;
            case UploadShape.Twice:
                await BothAsync(planned.Pause, () => Client.UploadAsync(first), () => Client.UploadAsync(first));
                break;
            case UploadShape.Rewritten:
                var rewriting = first with { Content = planned.Second.Content };
                _lent.Add(rewriting);
                await BothAsync(planned.Pause, () => Client.UploadAsync(first), () => Client.UploadAsync(rewriting));
                break;
            case UploadShape.SpareCredential:
                var spare = await LendAsync(planned.Key, planned.Second);
                await Client.UploadAsync(planned.Pause.Milliseconds % 2 == 0 ? first : spare);
                break;
            case UploadShape.Replaced:
                var second = await LendAsync(planned.Key, planned.Second);
                await BothAsync(planned.Pause, () => Client.UploadAsync(first), () => Client.UploadAsync(second));
                break;
        }
    }

    private async Task UploadAsAnotherComesDueAsync(PlannedUpload planned)
    {
        var unused = await LendAsync(planned.Key, planned.First);
        // When its credential is over, or its grant.
        var due = unused.Expires + (planned.Pause.Milliseconds % 2 == 0 ? ChaosApp.LookedForAfter : ChaosApp.SettledAfter);
        var wait = due - planned.Pause - DateTimeOffset.UtcNow;
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        await Client.UploadAsync(await LendAsync(planned.Key, planned.Second));
    }

    private async Task<LentCredential> LendAsync(string key, PlannedCredential planned)
    {
        var lent = await Client.LendAsync(key, planned);
        _lent.Add(lent);
        return lent;
    }

    private static async Task BothAsync(TimeSpan pause, Func<Task> first, Func<Task> second)
    {
        // The second begins whether the first is done or not; half of them at once.
        var begun = first();
        await Task.Delay(pause.Milliseconds % 2 == 0 ? TimeSpan.Zero : pause);
        await Task.WhenAll(begun, second());
    }

    private async Task WatchLedgerAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            _inLedger = await DepthAsync(Ledger);
            if (await DepthAsync(Removals.Queue) > MostRemovals)
            {
                // Due in a month: Azurite goes through all that a queue has, each time it is asked.
                await app.Queue(Removals.Queue).ClearMessagesAsync(CancellationToken.None);
            }

            await Task.Delay(250, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LedgerHasAtMostAsync(int messages)
    {
        for (var end = DateTime.UtcNow + LongestSettling; await DepthAsync(Ledger) > messages; await Task.Delay(250))
        {
            Assert.True(DateTime.UtcNow < end, $"The ledger still has {await DepthAsync(Ledger)} entries.");
        }
    }

    private async Task EventsAreReadAsync()
    {
        for (var end = DateTime.UtcNow + LongestSettling; await DepthAsync("upload-events") > 0; await Task.Delay(100))
        {
            Assert.True(DateTime.UtcNow < end, "Events are left on the queue.");
        }
    }
}
