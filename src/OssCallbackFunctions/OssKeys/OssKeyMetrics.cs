using System.Diagnostics.Metrics;

namespace OssCallbackFunctions.OssKeys;

/// <summary>Counts calls for temporary keys to sign with.</summary>
public sealed class OssKeyMetrics : IDisposable
{
    /// <summary>Calls by <c>outcome</c>: renewed, failed.</summary>
    public const string Renewals = "oss.key.renewals";

    private readonly Meter _meter = new(AppMeter.Name);
    private readonly Counter<long> _calls;

    /// <summary>A meter of the app's name.</summary>
    public OssKeyMetrics() => _calls = _meter.CreateCounter<long>(Renewals, "{call}", "Calls for a temporary key.");

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>Counts a call, also one that fails.</summary>
    internal async Task<T> MeasureAsync<T>(Func<Task<T>> call)
    {
        var outcome = "failed";
        try
        {
            var result = await call();
            outcome = "renewed";
            return result;
        }
        finally
        {
            _calls.Add(1, new KeyValuePair<string, object?>(AppMeter.Outcome, outcome));
        }
    }
}
