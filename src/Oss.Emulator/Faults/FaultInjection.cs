using System.Globalization;

namespace Oss.Emulator.Faults;

/// <summary>
/// The faults of an emulator. Which of a fault's matches are hit, and at which random place, follows from the seed, from the fault's number since the start or the last
/// <see cref="Clear"/>, and from the match's number, and from nothing else. Requests that come at the same time are numbered in the order they happen to come in: which of
/// them is the third may change from run to run; whether the third is hit does not. Safe for concurrent use.
/// </summary>
public sealed class FaultInjection
{
    private readonly Lock _change = new();
    private volatile InstalledFault[] _installed = [];
    private long _lastId;
    private long _lastNumber;

    internal FaultInjection(long seed)
    {
        Seed = seed;
    }

    /// <summary>What the draws go by: <see cref="OssEmulatorOptions.FaultSeed"/>.</summary>
    public long Seed { get; }

    /// <summary>The faults, in the order they were added.</summary>
    public IReadOnlyList<InstalledFault> Installed => _installed;

    /// <summary>The operations that there are; a fault for any other would wait for ever.</summary>
    internal IReadOnlyCollection<string> Operations { get; set; } = [];

    /// <summary>Lets a fault happen from now on.</summary>
    /// <returns>The fault with its id, which counts its hits.</returns>
    /// <exception cref="ArgumentException">The fault cannot be; the message names the member as JSON does.</exception>
    public InstalledFault Add(Fault fault)
    {
        fault.Validate();
        Fault.Require(fault.Operation == "*" || Operations.Contains(fault.Operation), $"operation {fault.Operation} is none that the emulator has.");
        lock (_change)
        {
            var installed = new InstalledFault((++_lastId).ToString(CultureInfo.InvariantCulture), fault, fault.Seed ?? Seed, ++_lastNumber);
            _installed = [.. _installed, installed];
            return installed;
        }
    }

    /// <summary>Ends a fault; false when there is none of that id.</summary>
    public bool Remove(string id)
    {
        lock (_change)
        {
            var before = _installed.Length;
            _installed = [.. _installed.Where(installed => installed.Id != id)];
            return _installed.Length < before;
        }
    }

    /// <summary>Ends all faults, and numbers those added later from 1 again. Ids are never used twice.</summary>
    public void Clear()
    {
        lock (_change)
        {
            _installed = [];
            _lastNumber = 0;
        }
    }

    /// <summary>Whether there is any fault.</summary>
    internal bool IsEmpty => _installed.Length == 0;

    /// <summary>The plan of what goes wrong with a request; null when nothing does.</summary>
    internal RequestPlan? Meet(FaultSubject subject)
    {
        RequestPlan? plan = null;
        foreach (var installed in _installed)
        {
            if (installed.Meet(subject) is { } place)
            {
                plan ??= new RequestPlan();
                plan.Add(installed.Fault.Effect, place);
            }
        }

        return plan;
    }
}
