using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Limits;

/// <summary>What callers have used, in table <c>usage</c>: a partition each.</summary>
public sealed class UsageRecords(StorageAccount storage, Removals removals)
{
    private const string Table = "usage";

    internal async Task<UsageRecord?> FindAsync(string partition, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table).WaitAsync(cancellationToken);
        return await table.FindAsync(partition, UsageRecord.Row, cancellationToken) is { } found ? UsageRecord.From(found) : null;
    }

    /// <summary>How many multipart uploads are open, as far as <paramref name="most"/>.</summary>
    internal async Task<int> CountOpenAsync(string partition, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table).WaitAsync(cancellationToken);
        var (first, after) = OpenMultipart.Slots;
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {first} and RowKey lt {after} and Until gt {now}");
        return await table.QueryAsync<TableEntity>(filter, most, ["RowKey"], cancellationToken).Take(most).CountAsync(cancellationToken);
    }

    /// <summary>Leaves removals behind: of a caller's row when it is new, and of multipart uploads that are to be opened.</summary>
    internal async Task LeaveRemovalsAsync(UsageRecord used, IReadOnlyList<OpenMultipart> opened, CancellationToken cancellationToken)
    {
        if (used.Version == default)
        {
            await removals.LeaveAsync(new Removal([new RowRemoval(Table, used.Partition, UsageRecord.Row, used.DayEnd, Until: UsageRecord.UntilColumn)]), cancellationToken);
        }

        foreach (var multipart in opened)
        {
            await removals.LeaveAsync(new Removal([new RowRemoval(Table, used.Partition, multipart.Slot, multipart.Until)]), cancellationToken);
        }
    }

    /// <summary>Writes what is used and what is opened, all or nothing.</summary>
    /// <returns>Whether it is written; false: somebody else wrote in between.</returns>
    internal async Task<bool> TryWriteAsync(UsageRecord used, IReadOnlyList<OpenMultipart> opened, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table).WaitAsync(cancellationToken);
        var first = used.Version == default
            ? new TableTransactionAction(TableTransactionActionType.Add, used.ToEntity())
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, used.ToEntity(), used.Version);
        var others = opened.Select(multipart =>
            new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(used.Partition, multipart.Slot) { [nameof(multipart.Until)] = multipart.Until }));
        try
        {
            await table.SubmitTransactionAsync([first, .. others], cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 409 or 412)
        {
            return false;
        }
    }

    /// <summary>Ends a multipart upload. Doing it twice is doing it once.</summary>
    internal async Task CloseAsync(string partition, string slot, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table).WaitAsync(cancellationToken);
        await table.DeleteEntityAsync(partition, slot, cancellationToken: cancellationToken);
    }
}
