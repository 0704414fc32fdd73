using LocalWorker.Hosting;

namespace LocalWorker.Queues;

/// <summary>The pauses between looks at an empty queue: random, and longer each time, from 100 ms to the longest that host.json allows.</summary>
internal sealed class PollingBackoff(TimeSpan longest, Random random)
{
    private int _misses;

    public void Reset() => _misses = 0;

    public TimeSpan Next()
    {
        // 20% to either side keeps instances that started together from asking together.
        var factor = Math.Pow(2, Math.Min(_misses++, 20)) * (0.8 + (0.4 * random.NextDouble()));
        var pause = QueueSettings.MinPollingInterval * factor;
        return pause < QueueSettings.MinPollingInterval ? QueueSettings.MinPollingInterval : pause < longest ? pause : longest;
    }
}
