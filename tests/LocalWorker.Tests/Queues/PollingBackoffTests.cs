using LocalWorker.Queues;

namespace LocalWorker.Tests.Queues;

public sealed class PollingBackoffTests
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    [Fact]
    public void Grows_from_100_ms_to_the_longest_pause_and_begins_again_after_a_message()
    {
        var backoff = new PollingBackoff(Longest, new Random(1));
        var pauses = Enumerable.Range(0, 50).Select(_ => backoff.Next()).ToArray();
        Assert.All(pauses, pause => Assert.InRange(pause, Shortest, Longest));
        Assert.InRange(pauses[0], Shortest, TimeSpan.FromMilliseconds(120));
        Assert.InRange(pauses[2], TimeSpan.FromMilliseconds(320), TimeSpan.FromMilliseconds(480));
        Assert.All(pauses[10..], pause => Assert.Equal(Longest, pause));

        backoff.Reset();
        Assert.InRange(backoff.Next(), Shortest, TimeSpan.FromMilliseconds(120));
    }
}
