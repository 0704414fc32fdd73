using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Limits;

/// <summary>
/// Counts what one caller uses, for this instance. Whoever comes while a count is being written waits, and is written with all others that wait: so however many requests a caller makes at once,
/// each instance has one write under way, and the row of a popular caller is not fought for. It counts exactly, over all instances: the row is written as it was read (ETag), together with the rows
/// of the multipart uploads that are opened.
/// </summary>
internal sealed class UsageGate(string partition, CallerLimits limits, UsageRecords records, TimeProvider clock, NewId newId, Jitter jitter)
{
    // A transaction has 100 rows.
    private const int MaxTogether = 90;
    private const int MaxAttempts = 50;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Queue<Turn> _waiting = new();
    private bool _isWriting;

    /// <summary>Counts a use, or refuses it.</summary>
    /// <exception cref="TimeoutException">The storage account did not take it in time.</exception>
    public Task<Outcome<UsageTaken>> TakeAsync(UploadUse use) => WaitAsync(new Turn(use, limits.HasSlot(use) ? OpenMultipart.New(newId, use.OpenUntil!.Value) : null, null));

    /// <summary>Gives back what was counted, as far as the minute and the day are still the same.</summary>
    /// <exception cref="TimeoutException">The storage account did not take it in time.</exception>
    public Task GiveBackAsync(UsageTaken taken) => WaitAsync(new Turn(taken.Use, null, taken));

    private Task<Outcome<UsageTaken>> WaitAsync(Turn turn)
    {
        lock (_lock)
        {
            _waiting.Enqueue(turn);
            if (!_isWriting)
            {
                _isWriting = true;
                _ = Task.Run(WriteAllAsync);
            }
        }

        return turn.Done.Task;
    }

    private async Task WriteAllAsync()
    {
        while (Next() is { Count: > 0 } turns)
        {
            try
            {
                using var deadline = new CancellationTokenSource(Timeout, clock);
                var conflicts = await WriteAsync(turns, deadline.Token);

                // Others have their turn before our next, which is of more requests then.
                await PauseAsync(conflicts);
            }
            catch (OperationCanceledException e)
            {
                turns.ForEach(turn => turn.Done.TrySetException(new TimeoutException($"Table usage took no count within {Timeout.TotalSeconds} s.", e)));
            }
            catch (Exception e)
            {
                turns.ForEach(turn => turn.Done.TrySetException(e));
            }
        }
    }

    private List<Turn> Next()
    {
        lock (_lock)
        {
            var turns = new List<Turn>();
            while (turns.Count < MaxTogether && _waiting.TryDequeue(out var turn))
            {
                turns.Add(turn);
            }

            _isWriting = turns.Count > 0;
            return turns;
        }
    }

    /// <returns>How often somebody else wrote in between.</returns>
    private async Task<int> WriteAsync(List<Turn> turns, CancellationToken cancellationToken)
    {
        var (writer, outcomes, removed) = (newId(), new List<Outcome<UsageTaken>>(), new HashSet<OpenMultipart>());
        for (var conflicts = 0; conflicts < MaxAttempts; conflicts++)
        {
            // The row before the multipart uploads: whoever opens one writes the row, and then ours is not written.
            var row = await records.FindAsync(partition, cancellationToken);
            if (row?.Writer != writer)
            {
                var now = clock.GetUtcNow();
                var open = turns.Exists(turn => turn.Slot is not null) ? await records.CountOpenAsync(partition, now, limits.Multiparts!.Value, cancellationToken) : 0;
                (outcomes, var used, var opened) = Decide(turns, (row ?? UsageRecord.None(partition)).At(now), open, now);
                if (outcomes.Exists(outcome => outcome.Problem is null))
                {
                    await records.LeaveRemovalsAsync(used, [.. opened.Where(removed.Add)], cancellationToken);
                    if (!await records.TryWriteAsync(used with { Writer = writer }, opened, cancellationToken))
                    {
                        await PauseAsync(conflicts);
                        continue;
                    }
                }
            }

            turns.Zip(outcomes).ToList().ForEach(decided => decided.First.Done.TrySetResult(decided.Second));
            return conflicts;
        }

        throw new TimeoutException($"Table usage took no count in {MaxAttempts} attempts.");
    }

    private (List<Outcome<UsageTaken>> Outcomes, UsageRecord Used, List<OpenMultipart> Opened) Decide(List<Turn> turns, UsageRecord used, int open, DateTimeOffset now)
    {
        var (outcomes, opened) = (new List<Outcome<UsageTaken>>(), new List<OpenMultipart>());
        foreach (var (use, slot, givenBack) in turns)
        {
            if (givenBack is not null)
            {
                var less = limits.Add(used, use, -1);
                used = used with
                {
                    Credentials = givenBack.Minute == used.Minute ? less.Credentials : used.Credentials,
                    Bytes = givenBack.Day == used.Day ? less.Bytes : used.Bytes,
                };
                outcomes.Add(givenBack);
            }
            else if (limits.Refuse(use, used, open + opened.Count, now) is { } refusal)
            {
                outcomes.Add(refusal);
            }
            else
            {
                used = limits.Add(used, use, 1);
                opened.AddRange(slot is null ? [] : [slot]);
                outcomes.Add(new UsageTaken(use, used.Minute, used.Day, slot?.Slot));
            }
        }

        return (outcomes, used, opened);
    }

    private Task PauseAsync(int conflicts) =>
        conflicts == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromTicks((long)(jitter() * Math.Min(LongestPause.Ticks, Pause.Ticks * conflicts))), clock);

    private sealed record Turn(UploadUse Use, OpenMultipart? Slot, UsageTaken? GivenBack)
    {
        public TaskCompletionSource<Outcome<UsageTaken>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>A use that was counted.</summary>
/// <param name="Use">The use.</param>
/// <param name="Minute">The minute it counts in.</param>
/// <param name="Day">The day it counts in.</param>
/// <param name="Slot">Row of the multipart upload that is opened; null: none.</param>
internal sealed record UsageTaken(UploadUse Use, DateTimeOffset Minute, DateTimeOffset Day, string? Slot);
