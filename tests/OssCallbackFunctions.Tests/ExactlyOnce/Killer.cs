using Sandbox;

namespace OssCallbackFunctions.Tests.ExactlyOnce;

/// <summary>
/// Kills instances of the app (SIGKILL) and starts them again at once, by a schedule of its own seed. It counts work, not seconds: a slow machine, which takes longer to start an
/// instance, is not kept from getting anything done.
/// </summary>
internal sealed class Killer(IReadOnlyList<AppProcess> instances, Func<long> looksAtObjects, int seed)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(4);

    private readonly Random _random = new(seed);

    public int Kills { get; private set; }

    /// <summary>Goes on until it is told to stop; all instances run then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await LooksAsync(_random.Next(20, 100), stop);
            // The moments between the look at an object and the event are short: most kills come soon after a look, the others at any time.
            await Task.Delay(_random.Next(_random.Next(3) == 0 ? 1000 : 30), CancellationToken.None);
            AppProcess[] victims = _random.Next(8) == 0 ? [.. instances] : [instances[_random.Next(instances.Count)]];
            await Task.WhenAll(victims.Select(async victim =>
            {
                await victim.KillAsync();
                await victim.StartAsync(CancellationToken.None);
            }));
            Kills += victims.Length;
        }
    }

    private async Task LooksAsync(int count, CancellationToken stop)
    {
        var enough = looksAtObjects() + count;
        for (var end = DateTime.UtcNow + LongestWait; looksAtObjects() < enough && DateTime.UtcNow < end && !stop.IsCancellationRequested;)
        {
            await Task.Delay(1, CancellationToken.None);
        }
    }
}
