using System.Diagnostics.Metrics;

namespace OssCallbackFunctions.Limits;

/// <summary>Counts what limits refuse. Who was refused is not told: callers may be many.</summary>
public sealed class LimitMetrics : IDisposable
{
    /// <summary>Refusals by <c>code</c>, that of the problem.</summary>
    public const string Refusals = "upload.limit.refusals";

    private readonly Meter _meter = new(AppMeter.Name);
    private readonly Counter<long> _refused;

    /// <summary>A meter of the app's name.</summary>
    public LimitMetrics() => _refused = _meter.CreateCounter<long>(Refusals, "{request}", "Requests that a caller's limits refused.");

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Count(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));
}
