using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Removes the rows of a job that ended long ago, so many at a time; its report stays.</summary>
public sealed class BulkUploadForgetting(BulkUploadRecords records, UploadObjects objects, TimeProvider clock)
{
    private const int TransactionRows = 100;
    private const int TransactionsOfStep = 100;

    internal async Task<UploadStep> ForgetAsync(ForgetTask task, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await records.FindAsync(task.JobId, cancellationToken) is not { IsFinal: true } job || job.Epoch != task.Epoch)
        {
            // Gone already, or begun anew: then it has a later message.
            return UploadStep.Done;
        }

        if (task.Due > now)
        {
            return new UploadStep.Continue(task, QueueDelay.Until(task.Due, now));
        }

        // The job's own row last: it says that there is something left.
        var table = await objects.TableAsync();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {job.Id} and RowKey ne {BulkUploadRecord.Row}");
        var rows = await table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken)
            .Take(TransactionRows * TransactionsOfStep).ToListAsync(cancellationToken);
        foreach (var some in rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)).Chunk(TransactionRows))
        {
            await table.SubmitTransactionAsync(some, cancellationToken);
        }

        if (rows.Count == TransactionRows * TransactionsOfStep)
        {
            return new UploadStep.Continue(task);
        }

        await records.RemoveFromIndexAsync(job, cancellationToken);
        await table.DeleteEntityAsync(job.Id, BulkUploadRecord.Row, ETag.All, cancellationToken);
        return UploadStep.Done;
    }
}
