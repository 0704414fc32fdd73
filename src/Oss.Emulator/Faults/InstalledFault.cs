using System.Text.Json.Serialization;

namespace Oss.Emulator.Faults;

/// <summary>A fault at work.</summary>
public sealed class InstalledFault
{
    private readonly Lock _counting = new();
    private readonly long _seed;
    private readonly long _number;
    private long _matches;
    private long _hits;

    internal InstalledFault(string id, Fault fault, long seed, long number)
    {
        Id = id;
        Fault = fault;
        _seed = seed;
        _number = number;
    }

    /// <summary>What <see cref="FaultInjection.Remove"/> takes.</summary>
    public string Id { get; }

    /// <summary>Requests so far that the fault is meant for.</summary>
    public long Matches => Interlocked.Read(ref _matches);

    /// <summary>Those of them that it happened to.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>The fault.</summary>
    [JsonPropertyOrder(1)]
    public Fault Fault { get; }

    /// <summary>Counts the request if the fault is meant for it; if it is hit, the random place that goes with the hit.</summary>
    internal double? Meet(FaultSubject subject)
    {
        if (!Fault.Matches(subject))
        {
            return null;
        }

        // Together, so that a fault with Times is used up by the first matches drawn, whatever the threads do.
        lock (_counting)
        {
            var match = ++_matches;
            if (match <= Fault.After || (Fault.Times is { } times && _hits >= times) || FaultDraw.Hit(_seed, _number, match) >= Fault.Probability)
            {
                return null;
            }

            _hits++;
            return FaultDraw.Place(_seed, _number, match);
        }
    }
}
