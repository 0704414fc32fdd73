using System.Diagnostics.Metrics;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>Counts messages that failed for good.</summary>
public sealed class DeadLetterMetrics : IDisposable
{
    /// <summary>Dead letters recorded, by <c>queue</c> and <c>code</c>.</summary>
    public const string DeadLetters = "dead.letters";

    private readonly Counter<long> _dead;

    /// <summary>A meter of the app's name.</summary>
    public DeadLetterMetrics()
    {
        Meter = new Meter(AppMeter.Name);
        _dead = Meter.CreateCounter<long>(DeadLetters, "{message}", "Messages that failed for good.");
    }

    internal Meter Meter { get; }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    internal void Count(string queue, string code) => _dead.Add(1, new KeyValuePair<string, object?>("queue", queue), new KeyValuePair<string, object?>("code", code));
}
