using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The jobs' rows. A row is changed only by whoever read it last (ETag).</summary>
public sealed class BulkUploadRecords(StorageAccount storage, TimeProvider clock)
{
    private const string Table = "bulkuploads";

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
        var record = new BulkUploadRecord { Id = id, Job = job with { V = 1, Id = id }, CreatedAt = now, UpdatedAt = now };
        try
        {
            var added = await table.AddEntityAsync(record.ToEntity(), cancellationToken);
            return record with { Version = added.Headers.ETag!.Value };
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return BulkUploadRecord.From(await table.GetEntityAsync<TableEntity>(id, BulkUploadRecord.Row, cancellationToken: cancellationToken));
        }
    }

    /// <summary>Saves a changed record; null when somebody else changed the row in the meantime.</summary>
    internal async Task<BulkUploadRecord?> SaveAsync(BulkUploadRecord changed, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var record = changed with { UpdatedAt = clock.GetUtcNow() };
        try
        {
            var saved = await table.UpdateEntityAsync(record.ToEntity(), record.Version, TableUpdateMode.Replace, cancellationToken);
            return record with { Version = saved.Headers.ETag!.Value };
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return null;
        }
    }
}
