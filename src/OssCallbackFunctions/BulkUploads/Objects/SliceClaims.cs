using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Which message has the rest of a slice: a row for each slice in the job's partition. A worker that dies after it has handed the rest on, and before its own message is gone, leaves two
/// messages for one rest: the first to come has it, the other is dropped.
/// </summary>
public sealed class SliceClaims(StorageAccount storage)
{
    /// <summary>Takes a slice for a message; false: another has it, or the slice was handed on since.</summary>
    internal async Task<bool> TryClaimAsync(SliceTask task, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(BulkUploadRecords.Table);
        var claimed = new TableEntity(task.JobId, UploadObjectRows.Slice(task.Number, task.Wave, task.Last)) { ["Turn"] = task.Turn, ["Claim"] = task.Claim };
        while (true)
        {
            try
            {
                if (await table.FindAsync(claimed.PartitionKey, claimed.RowKey, cancellationToken) is not { } found)
                {
                    await table.AddEntityAsync(claimed, cancellationToken);
                }
                else if (found.GetInt32("Turn") >= task.Turn)
                {
                    return found.GetInt32("Turn") == task.Turn && found.GetString("Claim") == task.Claim;
                }
                else
                {
                    await table.UpdateEntityAsync(claimed, found.ETag, TableUpdateMode.Replace, cancellationToken);
                }

                return true;
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412)
            {
                // Somebody else, this moment: each time, the row is one turn further or has its holder.
            }
        }
    }
}
