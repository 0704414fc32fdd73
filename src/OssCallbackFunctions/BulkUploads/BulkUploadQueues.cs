using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The queues that carry bulk uploads: jobs, and work to be done for them; JSON, version 1, safe to handle twice.</summary>
public sealed class BulkUploadQueues(StorageAccount storage, BulkUploadWatch watch)
{
    /// <summary>Jobs, from ops teams or from the HTTP endpoint.</summary>
    public const string Jobs = QueueNames.BulkUploads;

    /// <summary>Work.</summary>
    public const string Work = QueueNames.BulkUploadWork;

    /// <summary>Work of urgent jobs, which waits for no other.</summary>
    public const string UrgentWork = QueueNames.BulkUploadUrgentWork;

    /// <summary>Work that the host gave up.</summary>
    public const string PoisonedWork = Work + QueueNames.PoisonSuffix;

    /// <summary>Urgent work that the host gave up.</summary>
    public const string PoisonedUrgentWork = UrgentWork + QueueNames.PoisonSuffix;

    internal Task SendAsync(BulkUploadJob job, TimeSpan? delay, CancellationToken cancellationToken) =>
        SendAsync(Jobs, job, BulkUploadJson.Default.BulkUploadJob, delay, cancellationToken);

    /// <summary>Sends work, by the queue that the job's priority has now.</summary>
    internal async Task SendAsync(BulkUploadTask task, TimeSpan? delay, CancellationToken cancellationToken)
    {
        var job = await watch.LookAsync(task.JobId, cancellationToken);
        var isUrgent = job is { Controls.Priority: BulkUploadPriority.Urgent };
        await SendAsync(isUrgent ? UrgentWork : Work, BulkTrace.InTrace(task, job), BulkUploadJson.Default.BulkUploadTask, delay, cancellationToken);
    }

    /// <summary>Work as its message would have it, were it sent.</summary>
    internal async Task<BulkUploadTask> UnsentAsync(BulkUploadTask task, CancellationToken cancellationToken) => BulkTrace.InTrace(task, await watch.LookAsync(task.JobId, cancellationToken));

    private Task SendAsync<T>(string name, T message, JsonTypeInfo<T> type, TimeSpan? delay, CancellationToken cancellationToken) =>
        storage.SendAsync(name, JsonSerializer.SerializeToUtf8Bytes(message, type), delay, cancellationToken);
}
