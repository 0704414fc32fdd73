using System.Diagnostics.Metrics;

namespace OssCallbackFunctions.Telemetry;

/// <summary>What waits in the storage account, as it was when it was last looked at; what could not be looked at is not told.</summary>
internal sealed class StateMetrics : IDisposable
{
    /// <summary>About how many messages a queue has, those that are hidden included, by <c>queue</c>.</summary>
    public const string QueueMessages = "oss_callback_functions.queue.messages";

    /// <summary>Entries of the ledger that could have been settled for more than 2 minutes; 32 means 32 or more.</summary>
    public const string LedgerOverdue = "oss_callback_functions.ledger.overdue";

    /// <summary>Jobs that run and have made no progress for 15 minutes.</summary>
    public const string JobsStalled = "oss_callback_functions.bulk.jobs.stalled";

    private readonly Meter _meter = new(AppMeter.Name);

    public StateMetrics()
    {
        _meter.CreateObservableGauge(QueueMessages, () => Queues.Select(queue => new Measurement<long>(queue.Value, new KeyValuePair<string, object?>("queue", queue.Key))), "{message}", "Messages of a queue, hidden ones included.");
        _meter.CreateObservableGauge(LedgerOverdue, () => Of(Overdue), "{entry}", "Entries of the ledger that are overdue, as far as 32.");
        _meter.CreateObservableGauge(JobsStalled, () => Of(Stalled), "{job}", "Running jobs without progress.");
    }

    /// <summary>Messages by queue.</summary>
    public IReadOnlyDictionary<string, long> Queues { get; set; } = new Dictionary<string, long>();

    /// <summary>Entries that are overdue; null: not known.</summary>
    public long? Overdue { get; set; }

    /// <summary>Jobs without progress; null: not known.</summary>
    public long? Stalled { get; set; }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Of(long? value) => value is { } known ? [new(known)] : [];
}
