using System.Collections.Concurrent;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Jobs as they were a moment ago: whoever is at work looks here before each object and each part whether he is to go on, and how fast.</summary>
public sealed class BulkUploadWatch(BulkUploadRecords records, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Forgetting = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (BulkUploadRecord? Job, DateTimeOffset At)> _jobs = new(StringComparer.Ordinal);

    /// <summary>The job as it was 2 s ago at most.</summary>
    internal async ValueTask<BulkUploadRecord?> LookAsync(string jobId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_jobs.TryGetValue(jobId, out var known) && now - known.At < Freshness)
        {
            return known.Job;
        }

        var job = await records.FindAsync(jobId, cancellationToken);
        _jobs[jobId] = (job, now);
        foreach (var (id, other) in _jobs)
        {
            if (now - other.At > Forgetting)
            {
                _jobs.TryRemove(id, out _);
            }
        }

        return job;
    }
}
