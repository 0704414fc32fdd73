using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// What became of uploads, one row each in table <c>uploads</c>, and the events of those that are verified on queue <c>upload-events</c>. The row is written first and marked when
/// the event is sent, so that a repeated callback or the ledger heals a crash between the two; a consumer sees the event's id twice at worst.
/// </summary>
public sealed class UploadRecords(StorageAccount storage, ToldObjects objects)
{
    /// <summary>Queue that events go to.</summary>
    public const string EventQueue = "upload-events";

    internal const string Table = "uploads";

    internal async Task<UploadRecord?> FindAsync(string uploadId, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(uploadId, UploadRecord.Row, cancellationToken: cancellationToken);
        return found.HasValue ? UploadRecord.From(found.Value!) : null;
    }

    /// <summary>Records a verified upload and sends its event, once.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="storedAt">When OSS stored the object, if it said.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Verified, and what was told; GrantUsed when the id was used before for another object; GrantExpired when it is recorded that nothing was stored.</returns>
    internal async Task<(CallbackVerification Verification, UploadEventData? Told)> RecordAsync(
        UploadEvent happened, DateTimeOffset? storedAt, CancellationToken cancellationToken)
    {
        var upload = happened.Data;
        if (await AddAsync(UploadRecord.ToEntity(happened, storedAt), cancellationToken))
        {
            await SendAsync(happened, storedAt, cancellationToken);
            return (CallbackVerification.Verified, upload);
        }

        var known = await FindAsync(upload.UploadId, cancellationToken) ?? throw new InvalidOperationException($"The row of upload {upload.UploadId} was removed.");
        if (!known.IsOf(upload))
        {
            return (known.Happened is null ? CallbackVerification.GrantExpired : CallbackVerification.GrantUsed, null);
        }

        await TellAsync(known, cancellationToken);
        return (CallbackVerification.Verified, known.Happened!.Data);
    }

    /// <summary>Sends the event of a verified upload, if it is not sent yet.</summary>
    /// <returns>Whether there was an event to send.</returns>
    internal async Task<bool> TellAsync(UploadRecord record, CancellationToken cancellationToken)
    {
        if (record is not { Happened: { } happened, IsTold: false })
        {
            return false;
        }

        await SendAsync(happened, record.StoredAt, cancellationToken);
        return true;
    }

    /// <summary>Records that nothing was stored with a grant.</summary>
    /// <returns>False when something else is recorded of it.</returns>
    internal Task<bool> ExpireAsync(LedgerEntry unused, DateTimeOffset time, CancellationToken cancellationToken) => AddAsync(UploadRecord.ToEntity(unused, time), cancellationToken);

    private async Task<bool> AddAsync(TableEntity row, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    private async Task SendAsync(UploadEvent happened, DateTimeOffset? storedAt, CancellationToken cancellationToken)
    {
        var queue = await storage.QueueAsync(EventQueue);
        var sending = queue.SendMessageAsync(
            BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(happened, CallbackJson.Default.UploadEvent)), timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
        // OSS waits for the answer: both at once.
        await Task.WhenAll(sending, storedAt is { } stored ? objects.ClaimAsync(happened.Data, stored, cancellationToken) : Task.CompletedTask);
        var table = await storage.TableAsync(Table);
        var sent = new TableEntity(happened.Data.UploadId, UploadRecord.Row) { [UploadRecord.EventSentColumn] = true };
        await table.UpdateEntityAsync(sent, Azure.ETag.All, TableUpdateMode.Merge, cancellationToken);
    }
}
