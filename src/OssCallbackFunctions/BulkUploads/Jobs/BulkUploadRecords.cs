using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The jobs' rows, each in a partition of its own with its objects, and an index of them by time. A row is changed only as it was read (ETag).</summary>
public sealed class BulkUploadRecords(StorageAccount storage, TimeProvider clock)
{
    internal const string Table = "bulkuploads";
    private const string Index = "bulkuploadindex";
    private const string IndexPartition = "jobs";
    private const int MaxAttempts = 20;
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(5);

    internal async Task<BulkUploadRecord?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        return await table.FindAsync(id, BulkUploadRecord.Row, cancellationToken) is { } found ? BulkUploadRecord.From(found) : null;
    }

    /// <summary>Adds a job; the one that is there already, if there is one.</summary>
    internal async Task<BulkUploadRecord> AddAsync(string id, BulkUploadJob job, string? traceParent, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var now = clock.GetUtcNow();
        var record = new BulkUploadRecord { Id = id, Job = job.Kept(id), Controls = job.Controls, CreatedAt = now, UpdatedAt = now, TraceParent = traceParent };
        if (await FindAsync(id, cancellationToken) is { } known)
        {
            return known;
        }

        // First: a job that is not in the index would not be listed, an entry without a job is passed over.
        await (await storage.TableAsync(Index)).UpsertEntityAsync(new TableEntity(IndexPartition, IndexRow(now, id)) { ["JobId"] = id }, TableUpdateMode.Replace, cancellationToken);
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

    /// <summary>Jobs, the newest first.</summary>
    /// <param name="after">Token of the page before; null: from the newest on.</param>
    /// <param name="count">Jobs at most.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The jobs, and the token of the next page; null: there is none.</returns>
    internal async Task<(IReadOnlyList<BulkUploadRecord> Jobs, string? Next)> ListAsync(string? after, int count, CancellationToken cancellationToken)
    {
        var index = await storage.TableAsync(Index);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {IndexPartition} and RowKey gt {after ?? ""}");
        var rows = await index.QueryAsync<TableEntity>(filter, count, cancellationToken: cancellationToken).Take(count).ToListAsync(cancellationToken);
        var jobs = new List<BulkUploadRecord>();
        foreach (var row in rows)
        {
            if (await FindAsync(row.GetString("JobId"), cancellationToken) is { } job)
            {
                jobs.Add(job);
            }
        }

        return (jobs, rows.Count == count ? rows[^1].RowKey : null);
    }

    /// <summary>Ids of the newest jobs, so many at most.</summary>
    internal async Task<IReadOnlyList<string>> NewestAsync(int count, CancellationToken cancellationToken)
    {
        var index = await storage.TableAsync(Index);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {IndexPartition}");
        return await index.QueryAsync<TableEntity>(filter, count, ["JobId"], cancellationToken).Take(count).Select(row => row.GetString("JobId")).ToListAsync(cancellationToken);
    }

    /// <summary>Notes that a job makes progress, where its row does not say so of itself; not more often than every 5 minutes.</summary>
    internal async Task TouchAsync(BulkUploadRecord seen, CancellationToken cancellationToken)
    {
        if (IsStale(seen))
        {
            await UpdateAsync(seen.Id, latest => latest.State == BulkUploadState.Running && IsStale(latest) ? latest : null, cancellationToken);
        }
    }

    private bool IsStale(BulkUploadRecord job) => clock.GetUtcNow() - job.UpdatedAt > TouchInterval;

    /// <summary>Takes a job out of the index.</summary>
    internal async Task RemoveFromIndexAsync(BulkUploadRecord job, CancellationToken cancellationToken) =>
        await (await storage.TableAsync(Index)).DeleteEntityAsync(IndexPartition, IndexRow(job.CreatedAt, job.Id), ETag.All, cancellationToken);

    private static string IndexRow(DateTimeOffset createdAt, string id) => $"{DateTimeOffset.MaxValue.Ticks - createdAt.UtcTicks:D19}-{id}";
}
