using Microsoft.Azure.Functions.Worker;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>Moves what fails for good from the poison queues into records.</summary>
public sealed class DeadLetterQueueFunctions(DeadLetterIntake intake)
{
    /// <summary>Jobs of bulk uploads.</summary>
    [Function("DeadBulkUpload")]
    public Task TakeJobAsync([QueueTrigger(DeadLetterQueues.PoisonedJobs)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        intake.TakeAsync(QueueNames.BulkUploads, DeadLetter.Of(message), context.BindingContext.BindingData, cancellationToken);

    /// <summary>Entries of the ledger.</summary>
    [Function("DeadUploadLedger")]
    public Task TakeEntryAsync([QueueTrigger(DeadLetterQueues.PoisonedLedger)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        intake.TakeAsync(QueueNames.UploadLedger, DeadLetter.Of(message), context.BindingContext.BindingData, cancellationToken);

    /// <summary>Removals.</summary>
    [Function("DeadRemoval")]
    public Task TakeRemovalAsync([QueueTrigger(DeadLetterQueues.PoisonedRemovals)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        intake.TakeAsync(QueueNames.Removals, DeadLetter.Of(message), context.BindingContext.BindingData, cancellationToken);

    /// <summary>Deliveries to webhooks.</summary>
    [Function("DeadWebhookDelivery")]
    public Task TakeDeliveryAsync([QueueTrigger(DeadLetterQueues.PoisonedDeliveries)] string message, FunctionContext context, CancellationToken cancellationToken) =>
        intake.TakeAsync(QueueNames.WebhookDeliveries, DeadLetter.Of(message), context.BindingContext.BindingData, cancellationToken);
}
