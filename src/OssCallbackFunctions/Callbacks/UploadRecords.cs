using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// What became of uploads, one row each in table <c>uploads</c>, and the events of those that are verified on queue <c>upload-events</c> and to webhooks. The row is written first and
/// marked when the event is sent, so that a repeated callback or the ledger heals a crash between the two; a consumer sees the event's id twice at worst.
/// </summary>
public sealed partial class UploadRecords(
    StorageAccount storage, ToldObjects objects, WebhookList webhooks, WebhookQueue deliveries, CallbackMetrics metrics, ILogger<UploadRecords> logger)
{
    /// <summary>Queue that events go to.</summary>
    public const string EventQueue = "upload-events";

    internal const string Table = "uploads";

    /// <summary>Begins to make the tables and the queue, side by side: the first callback would wait for one after the other. What fails is tried again where it is needed.</summary>
    internal void Open() => _ = Task.WhenAll(storage.TableAsync(Table), objects.OpenAsync(), storage.QueueAsync(EventQueue));

    internal async Task<UploadRecord?> FindAsync(string uploadId, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        return await table.FindAsync(uploadId, UploadRecord.Row, cancellationToken) is { } found ? UploadRecord.From(found) : null;
    }

    /// <summary>Records a verified upload and sends its event, once.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="storedAt">When OSS stored the object, if it said.</param>
    /// <param name="expires">When the grant is over.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <param name="isSeenAgain">Whether the ledger looks at the record later: a mark that fails is left to it then, since the event is sent.</param>
    /// <returns>
    /// Verified, and what was told; ObjectTold when the ledger was sooner and found the object for another upload; GrantUsed when the id was used before for another object; GrantExpired
    /// when it is recorded that nothing was stored.
    /// </returns>
    internal async Task<(CallbackVerification Verification, UploadEventData? Told)> RecordAsync(
        UploadEvent happened, DateTimeOffset? storedAt, DateTimeOffset expires, CancellationToken cancellationToken, bool isSeenAgain = false)
    {
        var upload = happened.Data;
        // Before anything else: once there is a row somebody tells of it, whoever else has the object by then.
        if (storedAt is { } stored && !await objects.ClaimAsync(upload, stored, cancellationToken))
        {
            return (CallbackVerification.ObjectTold, null);
        }

        if (await AddAsync(UploadRecord.ToEntity(happened, storedAt, expires), cancellationToken))
        {
            await SendAsync(happened, isSeenAgain, cancellationToken);
            return (CallbackVerification.Verified, upload);
        }

        var known = await FindAsync(upload.UploadId, cancellationToken) ?? throw new InvalidOperationException($"The row of upload {upload.UploadId} was removed.");
        if (storedAt is { } unneeded && !(known.IsOf(upload) && known.StoredAt == storedAt))
        {
            // Another callback with the grant was recorded in the same moment: what is not told under this id is for another upload to tell of.
            await objects.ReleaseAsync(upload, unneeded, cancellationToken);
        }

        if (!known.IsOf(upload))
        {
            return (known.Happened is null ? CallbackVerification.GrantExpired : CallbackVerification.GrantUsed, null);
        }

        await TellAsync(known, cancellationToken, isSeenAgain);
        return (CallbackVerification.Verified, known.Happened!.Data);
    }

    /// <summary>Sends the event of a verified upload, if it is not sent yet.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <param name="isSeenAgain">Whether the ledger looks at the record later, as in <see cref="RecordAsync"/>.</param>
    /// <returns>Whether there was an event to send.</returns>
    internal async Task<bool> TellAsync(UploadRecord record, CancellationToken cancellationToken, bool isSeenAgain = false)
    {
        if (record is not { Happened: { } happened, IsTold: false })
        {
            return false;
        }

        await SendAsync(happened, isSeenAgain, cancellationToken);
        return true;
    }

    /// <summary>Sends an event that was sent before.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="toQueue">Whether to the queue.</param>
    /// <param name="toWebhooks">The webhooks.</param>
    /// <param name="ordered">When this was asked for.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal Task SendAgainAsync(UploadEvent happened, bool toQueue, IReadOnlyList<string> toWebhooks, DateTimeOffset ordered, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToElement(happened, CallbackJson.Default.UploadEvent);
        return Task.WhenAll(
            toQueue ? SendAsync(json, cancellationToken) : Task.CompletedTask,
            deliveries.OrderAsync(toWebhooks, happened.Id, ordered, json, cancellationToken));
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

    private async Task SendAsync(UploadEvent happened, bool isSeenAgain, CancellationToken cancellationToken)
    {
        using var activity = CallbackTrace.Start(happened);
        var upload = happened.Data;
        var targets = webhooks.For(upload.Profile);
        await SendAgainAsync(happened, true, targets, happened.Time, cancellationToken);
        metrics.CountEvent(upload.Profile);
        try
        {
            var table = await storage.TableAsync(Table);
            await table.UpdateEntityAsync(UploadRecord.ToldEntity(upload.UploadId, targets), Azure.ETag.All, TableUpdateMode.Merge, cancellationToken);
        }
        catch (Exception e) when (isSeenAgain && e is (RequestFailedException or AggregateException))
        {
            LogUnmarked(logger, upload.UploadId, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Upload {UploadId} is told, and could not be marked as told: the ledger tells of it once more")]
    private static partial void LogUnmarked(ILogger logger, string uploadId, Exception exception);

    private async Task SendAsync(JsonElement happened, CancellationToken cancellationToken)
    {
        var queue = await storage.QueueAsync(EventQueue);
        await queue.SendMessageAsync(BinaryData.FromString(happened.GetRawText()), timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
    }
}
