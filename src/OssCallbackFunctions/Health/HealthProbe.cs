using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.OssKeys;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Health;

/// <summary>
/// Whether this instance can work: it has a key to sign with, and its tables answer. The tables are asked every 10 s at most, for 2 s, however often anybody asks here; OSS is not asked: an instance
/// is no better elsewhere when OSS is away.
/// </summary>
public sealed class HealthProbe(StorageAccount storage, OssKeySource keys, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<bool> _look = Task.FromResult(false);
    private long? _since;

    internal async Task<InstanceHealth> LookAsync(CancellationToken cancellationToken)
    {
        Task<bool> look;
        lock (_lock)
        {
            if (_look.IsCompleted && (_since is not { } since || clock.GetElapsedTime(since) >= Kept))
            {
                (_look, _since) = (ReadAsync(), clock.GetTimestamp());
            }

            look = _look;
        }

        return new InstanceHealth(await look.WaitAsync(cancellationToken) && keys.KeyIdEnding is not null ? InstanceHealth.Healthy : InstanceHealth.Unhealthy, keys.Mode);
    }

    private async Task<bool> ReadAsync()
    {
        using var deadline = new CancellationTokenSource(Budget, clock);
        try
        {
            await (await storage.TableAsync(KeyedRecords.Table).WaitAsync(deadline.Token)).FindAsync("health", "none", deadline.Token);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
