using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>The queues whose messages are recorded when they fail for good, and sent back to them.</summary>
public sealed class DeadLetterQueues(StorageAccount storage)
{
    internal const string PoisonSuffix = "-poison";
    internal const string PoisonedJobs = BulkUploadQueues.Jobs + PoisonSuffix;
    internal const string PoisonedLedger = UploadLedger.Queue + PoisonSuffix;
    internal const string PoisonedRemovals = Removals.Queue + PoisonSuffix;
    internal const string PoisonedDeliveries = WebhookQueue.Deliveries + PoisonSuffix;

    /// <summary>Their names, without the ending of the poison queues.</summary>
    internal static IReadOnlyCollection<string> All { get; } =
        [BulkUploadQueues.Jobs, BulkUploadQueues.Work, BulkUploadQueues.UrgentWork, UploadLedger.Queue, Removals.Queue, WebhookQueue.Deliveries];

    /// <summary>Puts a message that cannot be used where the host puts those that fail again and again, with the reason.</summary>
    internal Task BuryAsync(string queue, DeadLetter letter, CancellationToken cancellationToken) => storage.SendAsync(queue + PoisonSuffix, letter.ToMessage(), delay: null, cancellationToken);

    /// <summary>Sends a message back to its queue, as it was.</summary>
    internal Task SendBackAsync(DeadLetterRecord dead, CancellationToken cancellationToken) => storage.SendAsync(dead.Queue, dead.Message, delay: null, cancellationToken);
}
