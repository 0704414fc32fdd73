using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// The uploads that are verified, one row each in table <c>uploads</c>, and their events on queue <c>upload-events</c>. The row is written first and marked when the event is
/// sent, so that a repeated callback heals a crash between the two; a consumer sees the event's id twice at worst.
/// </summary>
public sealed class UploadRecords(StorageAccount storage)
{
    /// <summary>Queue that events go to.</summary>
    public const string EventQueue = "upload-events";

    private const string Table = "uploads";
    private const string Row = "upload";
    private const string ETagColumn = "ObjectETag";
    private const string EventSentColumn = "EventSent";

    /// <summary>Records an upload and sends its event, once.</summary>
    /// <returns>False when the id was used before, for another object.</returns>
    public async Task<bool> RecordAsync(UploadEvent happened, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table);
        var upload = happened.Data;
        var row = new TableEntity(upload.UploadId, Row)
        {
            ["Bucket"] = upload.Bucket,
            ["Key"] = upload.Key,
            ["Size"] = upload.Size,
            [ETagColumn] = upload.ETag,
            ["Crc64"] = upload.Crc64,
            ["Operation"] = upload.Operation,
            ["Profile"] = upload.Profile,
            ["Subject"] = upload.Subject,
            ["OssRequestId"] = upload.OssRequestId,
            ["VerifiedAt"] = happened.Time,
            [EventSentColumn] = false,
        };
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            TableEntity known = await table.GetEntityAsync<TableEntity>(upload.UploadId, Row, cancellationToken: cancellationToken);
            if (known.GetString(ETagColumn) != upload.ETag || known.GetString("Bucket") != upload.Bucket || known.GetString("Key") != upload.Key)
            {
                return false;
            }

            if (known.GetBoolean(EventSentColumn) == true)
            {
                return true;
            }
        }

        var queue = await storage.QueueAsync(EventQueue);
        await queue.SendMessageAsync(
            BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(happened, CallbackJson.Default.UploadEvent)), timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
        await table.UpdateEntityAsync(new TableEntity(upload.UploadId, Row) { [EventSentColumn] = true }, Azure.ETag.All, TableUpdateMode.Merge, cancellationToken);
        return true;
    }
}
