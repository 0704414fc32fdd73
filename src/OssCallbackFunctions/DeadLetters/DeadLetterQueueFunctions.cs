using Microsoft.Azure.Functions.Worker;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>Moves what fails for good from the poison queues into records.</summary>
public sealed class DeadLetterQueueFunctions(DeadLetterIntake intake)
{
    /// <summary>Jobs of bulk uploads.</summary>
    [Function("DeadBulkUpload")]
    public Task TakeJobAsync([QueueTrigger(DeadLetterQueues.PoisonedJobs)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        intake.TakeAsync(BulkUploadQueues.Jobs, DeadLetter.Of(message), context.BindingContext.BindingData, cancellationToken);

    /// <summary>Entries of the ledger.</summary>
    [Function("DeadUploadLedger")]
    public Task TakeEntryAsync([QueueTrigger(DeadLetterQueues.PoisonedLedger)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        intake.TakeAsync(UploadLedger.Queue, DeadLetter.Of(message), context.BindingContext.BindingData, cancellationToken);

    /// <summary>Removals.</summary>
    [Function("DeadRemoval")]
    public Task TakeRemovalAsync([QueueTrigger(DeadLetterQueues.PoisonedRemovals)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        intake.TakeAsync(Removals.Queue, DeadLetter.Of(message), context.BindingContext.BindingData, cancellationToken);

    /// <summary>Deliveries to webhooks.</summary>
    [Function("DeadWebhookDelivery")]
    public Task TakeDeliveryAsync([QueueTrigger(DeadLetterQueues.PoisonedDeliveries)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        intake.TakeAsync(WebhookQueue.Deliveries, DeadLetter.Of(message), context.BindingContext.BindingData, cancellationToken);
}
