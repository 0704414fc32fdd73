using System.Text.Json;
using Azure.Data.Tables;

namespace OssCallbackFunctions.Storage;

/// <summary>
/// Removes rows when their time has come: tables have no expiry of their own. Each row has its message on queue <c>removals</c>, which nobody sees before it is due, so nobody has to look
/// for old rows. Leave the removal before the row is written: then a crash between the two leaves a message without a row, which does no harm.
/// </summary>
public sealed class Removals(StorageAccount storage, TimeProvider clock)
{
    /// <summary>Queue of the removals.</summary>
    public const string Queue = QueueNames.Removals;

    // Rows that one transaction deletes.
    private const int TransactionRows = 100;

    // Until rows that were not settled are looked at again.
    private static readonly TimeSpan UnsettledDelay = TimeSpan.FromHours(6);

    /// <summary>Leaves a removal behind that comes due with the first of its rows, or after 7 days if that is sooner.</summary>
    internal Task LeaveAsync(Removal removal, CancellationToken cancellationToken) =>
        storage.SendAsync(Queue, JsonSerializer.SerializeToUtf8Bytes(removal, RemovalJson.Default.Removal), DelayOf(removal), cancellationToken);

    /// <summary>How long the queue is to hide a removal.</summary>
    internal TimeSpan DelayOf(Removal removal) => QueueDelay.Until(removal.Rows.Min(row => row.Due), clock.GetUtcNow());

    /// <summary>Removes the rows that are due and settled.</summary>
    /// <returns>The removal of those that are left, to be left behind anew; null when there are none.</returns>
    internal async Task<Removal?> RemoveAsync(Removal removal, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var left = new List<RowRemoval>();
        foreach (var row in removal.Rows)
        {
            if (row.Due > now)
            {
                left.Add(row);
            }
            else if (await RemoveAsync(row, now, cancellationToken) is { } later)
            {
                left.Add(row with { Due = later });
            }
        }

        return left.Count > 0 ? removal with { Rows = left } : null;
    }

    /// <returns>When to look again at what is not settled or still kept; null: it is gone.</returns>
    private async Task<DateTimeOffset?> RemoveAsync(RowRemoval removal, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(removal.Table);
        var rows = removal.Row is { } key
            ? await table.FindAsync(removal.Partition, key, cancellationToken) is { } found ? [found] : []
            : await table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {removal.Partition}"), cancellationToken: cancellationToken).ToListAsync(cancellationToken);
        if (removal.Settled is { } column && rows.Exists(row => row.TryGetValue(column, out var value) && value is false))
        {
            return now + UnsettledDelay;
        }

        if (removal.Until is { } time && rows.Max(row => row.GetDateTimeOffset(time)) is { } until && until > now)
        {
            return until;
        }

        // As they were read: one that is changed in between fails the attempt, and the message comes again.
        foreach (var some in rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag)).Chunk(TransactionRows))
        {
            await table.SubmitTransactionAsync(some, cancellationToken);
        }

        return null;
    }
}
