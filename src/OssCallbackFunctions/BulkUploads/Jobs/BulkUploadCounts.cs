namespace OssCallbackFunctions.BulkUploads;

/// <summary>How many objects a job has, and what became of them. An object is counted once, with its row, in one transaction.</summary>
/// <param name="Objects">Objects that have rows.</param>
/// <param name="Bytes">Bytes of those whose size is known.</param>
/// <param name="Succeeded">Stored, or planned in a dry run.</param>
/// <param name="Skipped">Left alone, as the job says.</param>
/// <param name="Failed">Given up.</param>
/// <param name="Canceled">Not begun, or given up, because the job was canceled.</param>
/// <param name="BytesDone">Bytes of those that succeeded.</param>
/// <param name="Requests">Requests to OSS that the objects take, as a dry run counts them.</param>
public sealed record BulkUploadCounts(
    long Objects = 0, long Bytes = 0, long Succeeded = 0, long Skipped = 0, long Failed = 0, long Canceled = 0, long BytesDone = 0, long Requests = 0)
{
    internal long Ended => Succeeded + Skipped + Failed + Canceled;

    /// <summary>With an object that was counted one way or the other (<paramref name="sign"/> is 1), or is to be tried again (-1).</summary>
    internal BulkUploadCounts With(UploadObject counted, int sign = 1) => counted.State switch
    {
        UploadObjectState.Succeeded => this with
        {
            Succeeded = Succeeded + sign, BytesDone = BytesDone + sign * (counted.Facts?.Size ?? 0), Requests = Requests + sign * counted.Requests, Bytes = Bytes + sign * counted.UnknownBytes,
        },
        UploadObjectState.Skipped => this with { Skipped = Skipped + sign, Bytes = Bytes + sign * counted.UnknownBytes },
        UploadObjectState.Failed => this with { Failed = Failed + sign },
        UploadObjectState.Canceled => this with { Canceled = Canceled + sign },
        _ => throw new InvalidOperationException($"An object that is {counted.State} cannot be counted."),
    };
}

/// <summary>What can be changed while a job runs.</summary>
/// <param name="Priority">Whether its messages overtake others'.</param>
/// <param name="ObjectsInFlight">Objects at a time; null: as many as the lanes carry.</param>
/// <param name="Bandwidth">Bytes per second of the whole job; null: not limited.</param>
public sealed record BulkUploadControls(BulkUploadPriority Priority = BulkUploadPriority.Normal, int? ObjectsInFlight = null, long? Bandwidth = null);
