namespace OssCallbackFunctions.Storage;

/// <summary>The queues of the app whose messages it reads itself, in one place: what fails on one of them is recorded by another room than the one that works on it.</summary>
internal static class QueueNames
{
    public const string BulkUploads = "bulk-uploads";
    public const string BulkUploadWork = "bulk-upload-work";
    public const string BulkUploadUrgentWork = "bulk-upload-urgent-work";
    public const string UploadLedger = "upload-ledger";
    public const string Removals = "removals";
    public const string WebhookDeliveries = "webhook-deliveries";

    /// <summary>Ends the name of the queue that the host moves a message to when it has failed again and again.</summary>
    public const string PoisonSuffix = "-poison";
}
