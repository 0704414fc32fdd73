using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Callbacks;

/// <summary>
/// What is only for those who ask how an upload is, in rows beside its record: that a callback came and waits for the look at the object, and that one was refused although OSS sent it
/// and the grant is ours. Nothing is decided by them, so they are written as well as it goes.
/// </summary>
public sealed class UploadMarks(StorageAccount storage, TimeProvider clock)
{
    private const string CallbackRow = "callback";
    private const string RejectionRow = "rejection";
    private const string AtColumn = "At";
    private const string ReasonColumn = "Reason";

    // OSS waits 5 s for the answer, of which the rest has its part.
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Marks that a callback waits for the look at the object.</summary>
    internal Task StoredAsync(UploadGrant grant, UploadCallback callback) => WriteAsync(Entity(grant.Id, CallbackRow, callback.Bucket, callback.Key));

    /// <summary>Marks that a callback with a grant of ours was refused; the last one counts. It keeps no later one from being believed.</summary>
    internal Task RejectedAsync(string uploadId, string bucket, string key, CallbackVerification reason)
    {
        var row = Entity(uploadId, RejectionRow, bucket, key);
        row[ReasonColumn] = CallbackMetrics.NameOf(reason);
        return WriteAsync(row);
    }

    /// <summary>When a callback came that waits for the look at the object; null: none did.</summary>
    internal async Task<DateTimeOffset?> FindStoredAsync(string uploadId, CancellationToken cancellationToken) =>
        (await FindAsync(uploadId, CallbackRow, cancellationToken))?.GetDateTimeOffset(AtColumn);

    /// <summary>When and why a callback was refused; null: none was.</summary>
    internal async Task<UploadRejection?> FindRejectionAsync(string uploadId, CancellationToken cancellationToken) =>
        await FindAsync(uploadId, RejectionRow, cancellationToken) is { } row ? new(row.GetDateTimeOffset(AtColumn) ?? default, row.GetString(ReasonColumn) ?? "") : null;

    private async Task<TableEntity?> FindAsync(string uploadId, string row, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(UploadRecords.Table);
        return await table.FindAsync(uploadId, row, cancellationToken);
    }

    private TableEntity Entity(string uploadId, string row, string bucket, string key) =>
        new(uploadId, row) { [AtColumn] = clock.GetUtcNow(), ["Bucket"] = bucket, ["Key"] = key };

    private async Task WriteAsync(TableEntity row)
    {
        using var deadline = new CancellationTokenSource(WriteTimeout, clock);
        try
        {
            var table = await storage.TableAsync(UploadRecords.Table).WaitAsync(deadline.Token);
            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, deadline.Token);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or OperationCanceledException)
        {
            // The answer to OSS matters more; whoever asks sees the upload as it was before.
        }
    }
}

/// <summary>That a callback was refused.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">Code of the reason.</param>
internal sealed record UploadRejection(DateTimeOffset At, string Reason);
