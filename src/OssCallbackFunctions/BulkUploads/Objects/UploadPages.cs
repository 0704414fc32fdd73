using Azure;
using Azure.Data.Tables;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Who drives which page of a job's objects.</summary>
public sealed class UploadPages(StorageAccount storage)
{
    /// <summary>Takes a page for a message; false: another message of the same beginning has it, so that this one is a repeat.</summary>
    internal async Task<bool> TryClaimAsync(PageTask task, int page, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(BulkUploadRecords.Table);
        var claimed = new UploadPage(task.JobId, page, task.Epoch, task.Claim, task.Stride, IsWaiting: false).ToEntity();
        try
        {
            if (await FindAsync(task.JobId, page, cancellationToken) is not { } found)
            {
                await table.AddEntityAsync(claimed, cancellationToken);
            }
            else if (found.Epoch > task.Epoch || (found.Epoch == task.Epoch && found.Claim != task.Claim))
            {
                return false;
            }
            else if (found.Epoch < task.Epoch || found.IsWaiting)
            {
                await table.UpdateEntityAsync(claimed, found.Version, TableUpdateMode.Replace, cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            // Somebody else, this moment: whoever of us it is, or whoever comes next, sees it then.
            return await FindAsync(task.JobId, page, cancellationToken) is { } now && now.Epoch == task.Epoch && now.Claim == task.Claim;
        }
    }

    /// <summary>Leaves a page until one of its multipart uploads has ended; nothing when it has a new driver.</summary>
    internal async Task WaitAsync(PageTask task, int page, CancellationToken cancellationToken)
    {
        if (await FindAsync(task.JobId, page, cancellationToken) is not { } found || found.Epoch != task.Epoch || found.Claim != task.Claim)
        {
            return;
        }

        try
        {
            await (await storage.TableAsync(BulkUploadRecords.Table)).UpdateEntityAsync(
                (found with { IsWaiting = true }).ToEntity(), found.Version, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            // Its new driver took it this moment.
        }
    }

    /// <summary>Calls a page's driver back, if he is waiting or <paramref name="always"/>: the message for him; null: he is at work.</summary>
    /// <param name="jobId">Id of the job.</param>
    /// <param name="page">The page.</param>
    /// <param name="always">When it is not known whether the message of an earlier call was sent.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    internal async Task<PageTask?> WakeAsync(string jobId, int page, bool always, CancellationToken cancellationToken)
    {
        if (await FindAsync(jobId, page, cancellationToken) is not { } found)
        {
            return null;
        }

        var call = new PageTask(jobId, found.Epoch, page, found.Stride, found.Claim);
        if (!found.IsWaiting)
        {
            return always ? call : null;
        }

        try
        {
            await (await storage.TableAsync(BulkUploadRecords.Table)).UpdateEntityAsync(
                (found with { IsWaiting = false }).ToEntity(), found.Version, TableUpdateMode.Replace, cancellationToken);
            return call;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            // Somebody else called him.
            return always ? call : null;
        }
    }

    private async Task<UploadPage?> FindAsync(string jobId, int page, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(BulkUploadRecords.Table);
        return await table.FindAsync(jobId, UploadObjectRows.Page(page), cancellationToken) is { } found ? UploadPage.From(found) : null;
    }
}
