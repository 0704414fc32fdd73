using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>The rows of messages that failed for good.</summary>
public sealed class DeadLetterRecords(StorageAccount storage, Removals removals, TimeProvider clock, IOptions<RetentionOptions> retention)
{
    private const string Table = "deadletters";

    /// <summary>Adds a record.</summary>
    /// <returns>False: it is there already.</returns>
    internal async Task<bool> TryAddAsync(DeadLetterRecord dead, CancellationToken cancellationToken)
    {
        await removals.LeaveAsync(new Removal([new RowRemoval(Table, dead.Queue, dead.Id, clock.GetUtcNow() + retention.Value.Records)]), cancellationToken);
        try
        {
            await (await storage.TableAsync(Table)).AddEntityAsync(dead.ToEntity(), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    internal async Task<DeadLetterRecord?> FindAsync(string queue, string id, CancellationToken cancellationToken)
    {
        return await (await storage.TableAsync(Table)).FindAsync(queue, id, cancellationToken) is { } found ? DeadLetterRecord.From(found) : null;
    }

    /// <summary>Records of a queue, the newest first.</summary>
    /// <param name="queue">The queue; null: of all, one after the other.</param>
    /// <param name="code">Of this code alone; null: of any.</param>
    /// <param name="after">Queue and id of the last one before; null: from the first on.</param>
    /// <param name="before">Those alone that came before this time; null: all. Needs a queue.</param>
    /// <param name="count">Records at most.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    internal async Task<List<DeadLetterRecord>> ListAsync(
        string? queue, string? code, (string Queue, string Id)? after, DateTimeOffset? before, int count, CancellationToken cancellationToken)
    {
        var filters = new List<string>();
        if (queue is not null)
        {
            filters.Add(TableClient.CreateQueryFilter($"PartitionKey eq {queue}"));
        }

        if (code is not null)
        {
            filters.Add(TableClient.CreateQueryFilter($"Code eq {code}"));
        }

        if (after is { } last)
        {
            filters.Add(TableClient.CreateQueryFilter($"(PartitionKey gt {last.Queue} or (PartitionKey eq {last.Queue} and RowKey gt {last.Id}))"));
        }

        if (before is { } time)
        {
            // Of that very time are those whose names go on with a hyphen.
            filters.Add(TableClient.CreateQueryFilter($"RowKey gt {DeadLetterRecord.From(time) + "."}"));
        }

        var rows = (await storage.TableAsync(Table)).QueryAsync<TableEntity>(string.Join(" and ", filters), count, cancellationToken: cancellationToken);
        return await rows.Take(count).Select(DeadLetterRecord.From).ToListAsync(cancellationToken);
    }

    internal async Task RemoveAsync(DeadLetterRecord dead, CancellationToken cancellationToken) =>
        await (await storage.TableAsync(Table)).DeleteEntityAsync(dead.Queue, dead.Id, ETag.All, cancellationToken);
}
