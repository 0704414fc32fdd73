using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Webhooks;

/// <summary>How far deliveries are, one row each in table <c>webhookdeliveries</c>. A row is changed only as it was read.</summary>
public sealed class DeliveryRecords(StorageAccount storage, Removals removals, TimeProvider clock, IOptions<RetentionOptions> retention)
{
    private const string Table = "webhookdeliveries";

    internal async Task<DeliveryRecord?> FindAsync(string eventId, string webhook, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        return await table.FindAsync(eventId, webhook, cancellationToken) is { } found ? DeliveryRecord.From(found) : null;
    }

    /// <summary>The deliveries of an event.</summary>
    internal async Task<IReadOnlyList<DeliveryRecord>> ListAsync(string eventId, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var rows = table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {eventId}"), cancellationToken: cancellationToken);
        return await rows.Select(DeliveryRecord.From).ToListAsync(cancellationToken);
    }

    /// <summary>Saves how far a delivery is.</summary>
    /// <param name="eventId">Id of the event.</param>
    /// <param name="known">The row as it was read; null: there was none.</param>
    /// <param name="now">The row as it is to be.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="Azure.RequestFailedException">Somebody else changed it in between, or the storage account fails: look again.</exception>
    internal async Task SaveAsync(string eventId, DeliveryRecord? known, DeliveryRecord now, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        if (known is not null)
        {
            await table.UpdateEntityAsync(now.ToEntity(eventId), known.Version, TableUpdateMode.Replace, cancellationToken);
            return;
        }

        var removal = new RowRemoval(Table, eventId, now.Webhook, clock.GetUtcNow() + retention.Value.Records, DeliveryRecord.SettledColumn);
        await removals.LeaveAsync(new Removal([removal]), cancellationToken);
        await table.AddEntityAsync(now.ToEntity(eventId), cancellationToken);
    }
}
