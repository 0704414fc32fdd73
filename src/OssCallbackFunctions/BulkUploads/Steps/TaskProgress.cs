using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Whether what a message is about gets on although the host gave the message up, since its workers died again and again. Workers die for many reasons; only when nothing advances from one
/// giving up to the next is it the message's.
/// </summary>
public sealed class TaskProgress(UploadObjects objects, OssClient oss, ObjectStoring storing)
{
    /// <returns>The message to try again, with what there is by now; null: nothing was done since it was last given up, or what it is about has no parts.</returns>
    internal async Task<BulkUploadTask?> AdvancedAsync(BulkUploadTask task, CancellationToken cancellationToken)
    {
        var progress = task switch
        {
            SliceTask slice => await PartsAsync(slice, cancellationToken),
            PageTask page => await objects.PageAsync(page.JobId, page.Page, cancellationToken).CountAsync(found => found.IsFinal, cancellationToken),
            _ => 0,
        };
        return progress > task.Progress ? task with { Progress = progress } : null;
    }

    // Of the whole object: its lanes die together.
    private async Task<int> PartsAsync(SliceTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await objects.FindAsync(task.JobId, task.Number, cancellationToken) is { IsFinal: false, UploadId: not null } found && found.Beginning == task.Beginning
                ? (await UploadParts.ListValidAsync(oss, storing.Bucket, found, cancellationToken)).Count
                : 0;
        }
        catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
        {
            return 0;
        }
    }
}
