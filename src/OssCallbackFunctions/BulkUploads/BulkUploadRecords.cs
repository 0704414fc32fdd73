using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The jobs' rows. A row is changed only as it was read (ETag).</summary>
public sealed class BulkUploadRecords(StorageAccount storage, TimeProvider clock)
{
    private const string Table = "bulkuploads";
    private const int MaxAttempts = 10;

    internal async Task<BulkUploadRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(id, BulkUploadRecord.Row, cancellationToken: cancellationToken);
        return found.HasValue ? BulkUploadRecord.From(found.Value!) : null;
    }

    /// <summary>Adds a job; the one that is there already, if there is one.</summary>
    internal async Task<BulkUploadRecord> AddAsync(string id, BulkUploadJob job, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var now = clock.GetUtcNow();
        var record = new BulkUploadRecord { Id = id, Job = job.Kept(id), CreatedAt = now, UpdatedAt = now };
        try
        {
            await table.AddEntityAsync(record.ToEntity(), cancellationToken);
            return record;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return BulkUploadRecord.From(await table.GetEntityAsync<TableEntity>(id, BulkUploadRecord.Row, cancellationToken: cancellationToken));
        }
    }

    /// <summary>Changes a job's row. When somebody else changes it at the same time, the change is made again on what he made of it.</summary>
    /// <param name="id">Id of the job.</param>
    /// <param name="change">Gives the changed record, or null when there is nothing to change any more.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <returns>The record as saved; null when there was nothing to change.</returns>
    internal async Task<BulkUploadRecord?> UpdateAsync(string id, Func<BulkUploadRecord, BulkUploadRecord?> change, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(id, cancellationToken) is not { } found || change(found) is not { } changed)
            {
                return null;
            }

            var record = changed with { UpdatedAt = clock.GetUtcNow() };
            try
            {
                await table.UpdateEntityAsync(record.ToEntity(), record.Version, TableUpdateMode.Replace, cancellationToken);
                return record;
            }
            catch (RequestFailedException e) when (e.Status == 412 && attempt < MaxAttempts)
            {
                // Changed in between: look again.
            }
        }
    }
}
