using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Idempotency;

/// <summary>The rows of requests with keys. A row is changed only as it was read (ETag).</summary>
internal sealed class KeyedRecords(StorageAccount storage, Removals removals)
{
    internal const string Table = "idempotency";

    public async Task<KeyedRecord?> FindAsync(string scope, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        return await table.FindAsync(scope, KeyedRecord.Row, cancellationToken) is { } found ? KeyedRecord.From(found) : null;
    }

    /// <summary>Leaves the removal of a record behind, before it is written.</summary>
    public Task LeaveRemovalAsync(KeyedRecord record, CancellationToken cancellationToken) => removals.LeaveAsync(
        new Removal([new RowRemoval(Table, record.Request.Scope, KeyedRecord.Row, record.Expires, Until: KeyedRecord.ExpiresColumn)]), cancellationToken);

    /// <summary>Writes a record in place of the one of its version, or as a new one.</summary>
    /// <returns>The record as it is now; null when somebody else wrote in between.</returns>
    public async Task<KeyedRecord?> TryWriteAsync(KeyedRecord record, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        try
        {
            var written = record.Version == default
                ? await table.AddEntityAsync(record.ToEntity(), cancellationToken)
                : await table.UpdateEntityAsync(record.ToEntity(), record.Version, TableUpdateMode.Replace, cancellationToken);
            return record with { Version = written.Headers.ETag!.Value };
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    /// <summary>Removes a record, unless somebody else wrote in between.</summary>
    public async Task ForgetAsync(KeyedRecord record)
    {
        var table = await storage.TableAsync(Table);
        try
        {
            await table.DeleteEntityAsync(record.Request.Scope, KeyedRecord.Row, record.Version);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            // Theirs, then.
        }
    }
}
