using System.Collections.Concurrent;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Counts jobs that run and have made no progress for 15 minutes, among the 1,000 newest: each object that ends and each part that is sent touches its job's row, the latter every 5 minutes
/// at most. Jobs that have ended are looked at again after an hour only, in case their failures are tried again.
/// </summary>
public sealed class StalledJobs(BulkUploadRecords records, TimeProvider clock)
{
    /// <summary>Longer than a part, or the pause before another attempt, may take.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private const int Newest = 1000;
    private const int AtOnce = 8;
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    private Dictionary<string, DateTimeOffset> _ended = [];

    /// <summary>How many there are. Not for two callers at a time.</summary>
    internal async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var ids = await records.NewestAsync(Newest, cancellationToken);
        var ended = new ConcurrentDictionary<string, DateTimeOffset>(ids.Where(id => _ended.TryGetValue(id, out var seen) && now - seen < LookAgain).ToDictionary(id => id, id => _ended[id]));
        var stalled = 0;
        await Parallel.ForEachAsync(ids.Where(id => !ended.ContainsKey(id)).ToList(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (id, token) =>
        {
            var job = await records.FindAsync(id, token);
            if (job is null or { IsFinal: true })
            {
                ended[id] = now;
            }
            else if (job.State == BulkUploadState.Running && now - job.UpdatedAt > Patience)
            {
                Interlocked.Increment(ref stalled);
            }
        });
        _ended = new(ended);
        return stalled;
    }
}
