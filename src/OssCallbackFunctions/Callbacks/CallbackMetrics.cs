using System.Diagnostics.Metrics;
using System.Text.Json;

namespace OssCallbackFunctions.Callbacks;

/// <summary>What is counted and timed of callbacks: which check failed is for whoever runs the app, never for the caller.</summary>
public sealed class CallbackMetrics : IDisposable
{
    /// <summary>Callbacks by <see cref="AppMeter.Outcome"/>.</summary>
    public const string Callbacks = "upload.callbacks";

    /// <summary>Time from the request to the outcome, in seconds, by <see cref="AppMeter.Outcome"/>. OSS waits 5 s.</summary>
    public const string Duration = "upload.callback.duration";

    /// <summary>Entries of the ledger that were settled, by <see cref="AppMeter.Outcome"/>.</summary>
    public const string Settlements = "upload.ledger.settlements";

    /// <summary>Events that were sent, by <c>upload.profile</c>; one that is sent again counts again.</summary>
    public const string Events = "upload.events";

    private const string Failed = "failed";
    internal const string PutOff = "put_off";

    private static readonly Dictionary<CallbackVerification, string> Verifications = NamesOf<CallbackVerification>();
    private static readonly Dictionary<LedgerSettlement, string> Settled = NamesOf<LedgerSettlement>();

    // From what a check of the signature takes to what OSS waits.
    private static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10] };

    private readonly TimeProvider _clock;
    private readonly Counter<long> _callbacks;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _settlements;
    private readonly Counter<long> _events;

    /// <summary>A meter of its own.</summary>
    public CallbackMetrics(TimeProvider clock)
    {
        _clock = clock;
        Meter = new Meter(AppMeter.Name);
        _callbacks = Meter.CreateCounter<long>(Callbacks, "{callback}", "Callbacks by what became of them.");
        _duration = Meter.CreateHistogram(Duration, "s", "Time until a callback is answered.", tags: null, Buckets);
        _settlements = Meter.CreateCounter<long>(Settlements, "{entry}", "Entries of the ledger by what became of them.");
        _events = Meter.CreateCounter<long>(Events, "{event}", "Events that were sent.");
    }

    internal Meter Meter { get; }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    internal static string NameOf(CallbackVerification verification) => Verifications[verification];

    internal static string NameOf(LedgerSettlement settlement) => Settled[settlement];

    /// <summary>Counts and times one callback, also one that ends in an exception.</summary>
    internal async Task<CallbackOutcome> MeasureAsync(Func<Task<CallbackOutcome>> verify)
    {
        var begun = _clock.GetTimestamp();
        var name = Failed;
        try
        {
            var outcome = await verify();
            name = NameOf(outcome.Verification);
            return outcome;
        }
        finally
        {
            var tag = new KeyValuePair<string, object?>(AppMeter.Outcome, name);
            _callbacks.Add(1, tag);
            _duration.Record(_clock.GetElapsedTime(begun).TotalSeconds, tag);
        }
    }

    internal void Count(LedgerSettlement settlement) => CountSettlement(NameOf(settlement));

    internal void CountEvent(string profile) => _events.Add(1, new KeyValuePair<string, object?>(AppTrace.Profile, profile));

    internal void CountPutOff() => CountSettlement(PutOff);

    private void CountSettlement(string outcome) => _settlements.Add(1, new KeyValuePair<string, object?>(AppMeter.Outcome, outcome));

    private static Dictionary<T, string> NamesOf<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}
