using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The queues that carry bulk uploads: jobs, and work to be done for them; JSON, version 1, safe to handle twice.</summary>
public sealed class BulkUploadQueues(StorageAccount storage, BulkUploadWatch watch)
{
    /// <summary>Jobs, from ops teams or from the HTTP endpoint.</summary>
    public const string Jobs = "bulk-uploads";

    /// <summary>Work.</summary>
    public const string Work = "bulk-upload-work";

    /// <summary>Work of urgent jobs, which waits for no other.</summary>
    public const string UrgentWork = "bulk-upload-urgent-work";

    private const string PoisonSuffix = "-poison";

    /// <summary>Work that the host gave up.</summary>
    public const string PoisonedWork = Work + PoisonSuffix;

    /// <summary>Urgent work that the host gave up.</summary>
    public const string PoisonedUrgentWork = UrgentWork + PoisonSuffix;

    // Escaped, each character takes six bytes at most, and a message has 48 KiB.
    private const int MaxDeadText = 7 * 1024;
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    internal Task SendAsync(BulkUploadJob job, TimeSpan? delay, CancellationToken cancellationToken) =>
        SendAsync(Jobs, job, BulkUploadJson.Default.BulkUploadJob, delay, cancellationToken);

    /// <summary>Sends work, by the queue that the job's priority has now.</summary>
    internal async Task SendAsync(BulkUploadTask task, TimeSpan? delay, CancellationToken cancellationToken)
    {
        var isUrgent = await watch.LookAsync(task.JobId, cancellationToken) is { Controls.Priority: BulkUploadPriority.Urgent };
        await SendAsync(isUrgent ? UrgentWork : Work, task, BulkUploadJson.Default.BulkUploadTask, delay, cancellationToken);
    }

    /// <summary>Puts a message that cannot be used where the host puts those that fail again and again, with the reason.</summary>
    internal Task DeadLetterAsync(string queue, DeadLetter letter, CancellationToken cancellationToken) =>
        SendAsync(
            queue + PoisonSuffix,
            letter with { Message = letter.Message.Length > MaxDeadText ? letter.Message[..MaxDeadText] + " ..." : letter.Message },
            BulkUploadJson.Default.DeadLetter, null, cancellationToken);

    private async Task SendAsync<T>(string name, T message, JsonTypeInfo<T> type, TimeSpan? delay, CancellationToken cancellationToken)
    {
        var queue = await storage.QueueAsync(name);
        await queue.SendMessageAsync(BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(message, type)), delay, Forever, cancellationToken);
    }
}

/// <summary>A message that could not be used, with the reason, as it goes to the poison queue.</summary>
/// <param name="V">Version; 1.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Reason">For people.</param>
/// <param name="Message">The message as it came.</param>
public sealed record DeadLetter(int V, string Code, string Reason, string Message);
