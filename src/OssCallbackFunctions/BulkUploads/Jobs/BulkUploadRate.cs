namespace OssCallbackFunctions.BulkUploads;

/// <summary>How fast a job is, and when it will be done.</summary>
/// <param name="BytesPerSecond">Since it began, without the time that it was paused.</param>
/// <param name="SecondsLeft">At that rate; null: what is left is not known.</param>
internal sealed record BulkUploadRate(long BytesPerSecond, long? SecondsLeft)
{
    /// <summary>Null when nothing can be said.</summary>
    public static BulkUploadRate? Of(BulkUploadRecord job, long done, long? size, DateTimeOffset now)
    {
        if (job.StartedAt is not { } started || job.Job.DryRun)
        {
            return null;
        }

        var ran = job.RanBefore + (job.State == BulkUploadState.Paused ? TimeSpan.Zero : (job.EndedAt ?? now) - (job.ResumedAt ?? started));
        if (ran <= TimeSpan.Zero || done == 0)
        {
            return null;
        }

        var rate = (long)(done / ran.TotalSeconds);
        return new BulkUploadRate(rate, job.State == BulkUploadState.Running && rate > 0 && size is { } all && job.IsExpanded ? Math.Max(0, (all - done) / rate) : null);
    }
}
