using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>The queues whose messages are recorded when they fail for good, and sent back to them.</summary>
public sealed class DeadLetterQueues(StorageAccount storage)
{
    internal const string PoisonedJobs = QueueNames.BulkUploads + QueueNames.PoisonSuffix;
    internal const string PoisonedLedger = QueueNames.UploadLedger + QueueNames.PoisonSuffix;
    internal const string PoisonedRemovals = QueueNames.Removals + QueueNames.PoisonSuffix;
    internal const string PoisonedDeliveries = QueueNames.WebhookDeliveries + QueueNames.PoisonSuffix;

    /// <summary>Their names, without the ending of the poison queues.</summary>
    internal static IReadOnlyCollection<string> All { get; } =
        [QueueNames.BulkUploads, QueueNames.BulkUploadWork, QueueNames.BulkUploadUrgentWork, QueueNames.UploadLedger, QueueNames.Removals, QueueNames.WebhookDeliveries];

    /// <summary>Puts a message that cannot be used where the host puts those that fail again and again, with the reason.</summary>
    internal Task BuryAsync(string queue, DeadLetter letter, CancellationToken cancellationToken) => storage.SendAsync(queue + QueueNames.PoisonSuffix, letter.ToMessage(), delay: null, cancellationToken);

    /// <summary>Sends a message back to its queue, as it was.</summary>
    internal Task SendBackAsync(DeadLetterRecord dead, CancellationToken cancellationToken) => storage.SendAsync(dead.Queue, dead.Message, delay: null, cancellationToken);
}
