using Oss.Protocol;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>Begins the multipart upload of an object, and sends its slices on their way. Whoever dies in it, no upload is left open: it is noted before it is begun, and found by its key.</summary>
public sealed class MultipartBeginning(UploadObjects objects, LostUploads lost, OssClient oss, ObjectStoring storing, UploadLanes lanes, TimeProvider clock, NewId newId)
{
    /// <returns>Whether it was begun; false: somebody else is at it.</returns>
    internal async Task<bool> BeginAsync(BulkUploadRecord job, UploadObject found, Func<BulkUploadTask, Task> send, CancellationToken cancellationToken)
    {
        if (await objects.NoteBeginningAsync(found with { Beginning = newId(), StartedAt = found.Beginning is null ? clock.GetUtcNow() : found.StartedAt }, cancellationToken) is not { } noted)
        {
            return false;
        }

        // Not before it is ours: somebody else may be beginning it this moment, and his upload would be taken for a lost one. Noted, ours makes him abort it himself.
        if (found.Beginning is not null)
        {
            await lost.AbortOthersAsync(noted, cancellationToken);
        }

        var uploadId = await oss.InitiateMultipartUploadAsync(storing.Bucket, noted.Key, job.Job.Properties(noted.Key, noted.Entry, noted.Facts!), cancellationToken);
        var begun = noted with { State = UploadObjectState.Uploading, UploadId = uploadId, Error = null };

        // First the messages, then the note that there are some: those who come too soon try again.
        foreach (var slice in SliceTask.All(begun, job.Epoch, lanes.Parts(job), begun.Beginning!, newId))
        {
            await send(slice);
        }

        if (await objects.TrySaveAsync(begun, cancellationToken))
        {
            return true;
        }

        await oss.AbortMultipartUploadAsync(storing.Bucket, noted.Key, uploadId, cancellationToken);
        return false;
    }
}
