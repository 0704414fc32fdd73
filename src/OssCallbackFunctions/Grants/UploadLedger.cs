using System.Text.Json;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Grants;

/// <summary>
/// The grants that are not settled yet, one message each on queue <c>upload-ledger</c>, which nobody sees before it is due. OSS calls back once and never again, so what no
/// callback told of has to be found.
/// </summary>
public sealed class UploadLedger(StorageAccount storage, TimeProvider clock, IOptions<LedgerOptions> options)
{
    /// <summary>Queue of the entries.</summary>
    public const string Queue = QueueNames.UploadLedger;

    // Whatever kept us from looking at the object has a moment to pass.
    private static readonly TimeSpan PendingDelay = TimeSpan.FromSeconds(5);

    // The host would give an entry up in less time than an outage may last.
    private static readonly TimeSpan FirstOutageDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestOutageDelay = TimeSpan.FromMinutes(10);

    // A caller waits for his credential; OSS waits 5 s for the answer to a callback, of which the look at the object has taken its part.
    private static readonly TimeSpan ArmTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PendTimeout = TimeSpan.FromSeconds(2.5);

    private readonly TimeSpan _grace = options.Value.Grace;

    /// <summary>Whether each credential leaves an entry.</summary>
    internal bool IsEnabled { get; } = options.Value.Enabled;

    /// <summary>Whether it is time to settle an entry.</summary>
    internal bool IsDue(LedgerEntry entry) => entry.Callback is not null || entry.LooksAt + _grace <= clock.GetUtcNow();

    /// <summary>
    /// Leaves an entry behind that comes due with the credential's end and the grace after it, or after 7 days if that is sooner; nothing when the ledger is off.
    /// </summary>
    /// <exception cref="TimeoutException">The queue did not take it in time.</exception>
    internal Task ArmAsync(LedgerEntry entry, CancellationToken cancellationToken) =>
        IsEnabled ? RearmAsync(entry, cancellationToken) : Task.CompletedTask;

    /// <summary>Leaves an entry behind again that came too soon, or for its last look; also when the ledger was turned off meanwhile.</summary>
    /// <exception cref="TimeoutException">The queue did not take it in time.</exception>
    internal Task RearmAsync(LedgerEntry entry, CancellationToken cancellationToken) => SendAsync(entry, DelayOf(entry), ArmTimeout, cancellationToken);

    /// <summary>Leaves an entry behind that comes due in some seconds.</summary>
    /// <exception cref="TimeoutException">The queue did not take it in time.</exception>
    internal Task PendAsync(LedgerEntry entry, CancellationToken cancellationToken) => SendAsync(entry, PendingDelay, PendTimeout, cancellationToken);

    /// <summary>Leaves an entry behind that comes due when OSS may answer again: after 5 s, twice as long each time, and 10 minutes in the end.</summary>
    /// <exception cref="TimeoutException">The queue did not take it in time.</exception>
    internal Task PutOffAsync(LedgerEntry entry, CancellationToken cancellationToken) =>
        SendAsync(entry with { PutOff = entry.PutOff + 1 }, OutageDelayOf(entry), ArmTimeout, cancellationToken);

    /// <summary>How long an entry waits that OSS did not answer for.</summary>
    internal static TimeSpan OutageDelayOf(LedgerEntry entry) =>
        TimeSpan.FromSeconds(Math.Min(LongestOutageDelay.TotalSeconds, FirstOutageDelay.TotalSeconds * Math.Pow(2, entry.PutOff)));

    /// <summary>How long the queue is to hide an entry; one that comes sooner than it is due is armed again.</summary>
    internal TimeSpan DelayOf(LedgerEntry entry) => QueueDelay.Until(entry.LooksAt + _grace, clock.GetUtcNow());

    /// <summary>
    /// How many entries could have been received for longer than some time, and were not. Of the 32 that the queue would give next, so 32 means 32 or more; entries that are put off, or that
    /// somebody is at, the queue hides.
    /// </summary>
    internal async Task<int> CountOverdueAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var latest = clock.GetUtcNow() - patience;
        var waiting = await storage.PeekAsync(Queue, cancellationToken);
        return waiting.Count(message => message.InsertedOn is { } sent && sent + HiddenFor(message.Body.ToString(), sent) < latest);
    }

    private TimeSpan HiddenFor(string message, DateTimeOffset sent)
    {
        try
        {
            var entry = LedgerEntry.Parse(message);
            return entry.PutOff > 0 ? OutageDelayOf(entry with { PutOff = entry.PutOff - 1 })
                : entry.Callback is not null ? PendingDelay
                : QueueDelay.Until(entry.LooksAt + _grace, sent);
        }
        catch (JsonException)
        {
            // None of ours: it waits to become a dead letter.
            return TimeSpan.Zero;
        }
    }

    private async Task SendAsync(LedgerEntry entry, TimeSpan delay, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            await storage.SendAsync(Queue, JsonSerializer.SerializeToUtf8Bytes(entry, LedgerJson.Default.LedgerEntry), delay, deadline.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The queue {Queue} took no message within {timeout.TotalSeconds} s.", e);
        }
    }
}
