using System.Text.Json.Serialization;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>A message on the work queues: something to do for a job. Rows and OSS say what of it is left to do, so that it may come twice, late, or again after a crash.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning that it is of.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ExpandTask), "expand")]
[JsonDerivedType(typeof(DispatchTask), "dispatch")]
[JsonDerivedType(typeof(PageTask), "page")]
[JsonDerivedType(typeof(SliceTask), "slice")]
[JsonDerivedType(typeof(CompletionTask), "completion")]
[JsonDerivedType(typeof(FinishTask), "finish")]
[JsonDerivedType(typeof(CancelTask), "cancel")]
[JsonDerivedType(typeof(ReopenTask), "reopen")]
[JsonDerivedType(typeof(ForgetTask), "forget")]
public abstract record BulkUploadTask(string JobId, int Epoch)
{
    /// <summary>Version of the message.</summary>
    public int V { get; init; } = 1;

    /// <summary>Attempts made before.</summary>
    public int Attempt { get; init; }

    /// <summary>How far what it is about had come when the host last gave it up: parts stored, or objects of the page ended.</summary>
    public int Progress { get; init; }

    /// <summary>Trace context of the job; set when it is sent.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The object it is about; null: it is about none, or many.</summary>
    [JsonIgnore]
    internal virtual long? Object => null;
}

/// <summary>Makes rows of a manifest's lines, or of what is below a prefix.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning.</param>
/// <param name="Number">Number of the next object.</param>
/// <param name="Bytes">Bytes of those before, as far as known.</param>
/// <param name="Cursor">Where to go on; null: at the beginning.</param>
/// <param name="Size">Bytes of the manifest; null: there is none, or it was not looked at.</param>
/// <param name="Version">What pins the manifest.</param>
public sealed record ExpandTask(string JobId, int Epoch, long Number = 0, long Bytes = 0, string? Cursor = null, long? Size = null, string? Version = null) : BulkUploadTask(JobId, Epoch);

/// <summary>Sends what is under way on its way again, and begins the lanes.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning.</param>
/// <param name="From">Object from which on multipart uploads are looked for.</param>
public sealed record DispatchTask(string JobId, int Epoch, long From = 0) : BulkUploadTask(JobId, Epoch);

/// <summary>Drives the objects of a page, and of each page of its lane after that.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning.</param>
/// <param name="Page">The page.</param>
/// <param name="Stride">Pages to the lane's next one.</param>
/// <param name="Claim">The lane.</param>
public sealed record PageTask(string JobId, int Epoch, int Page, int Stride, string Claim) : BulkUploadTask(JobId, Epoch);

/// <summary>Sends parts <paramref name="First"/> to <paramref name="Last"/> of an object, as far as OSS does not have them.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning.</param>
/// <param name="Number">The object.</param>
/// <param name="Beginning">The beginning of its multipart upload.</param>
/// <param name="First">First part.</param>
/// <param name="Last">Last part.</param>
public sealed record SliceTask(string JobId, int Epoch, long Number, string Beginning, int First, int Last) : BulkUploadTask(JobId, Epoch)
{
    internal override long? Object => Number;

    /// <summary>Tells the slices that were sent together from those that were sent another time.</summary>
    public string Wave { get; init; } = "";

    /// <summary>How often the slice was handed on.</summary>
    public int Turn { get; init; }

    /// <summary>Tells this message from others for the same turn; kept when it is sent again.</summary>
    public string Claim { get; init; } = "";

    /// <summary>The message that the rest is handed on with.</summary>
    internal SliceTask Rest(int first, string claim) => this with { First = first, Turn = Turn + 1, Claim = claim, Attempt = 0 };

    /// <summary>All parts of a plan, in as many slices as there are lanes.</summary>
    internal static IEnumerable<SliceTask> All(UploadObject found, int epoch, int lanes, string wave, NewId newId)
    {
        var parts = found.Plan.PartCount;
        var count = Math.Min(lanes, parts);
        return Enumerable.Range(0, count).Select(lane => new SliceTask(
            found.JobId, epoch, found.Number, found.Beginning!, (int)((long)parts * lane / count) + 1, (int)((long)parts * (lane + 1) / count))
        {
            Wave = wave, Claim = newId(),
        });
    }
}

/// <summary>Makes an object of its parts.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning.</param>
/// <param name="Number">The object.</param>
/// <param name="Beginning">The beginning of its multipart upload.</param>
/// <param name="Claim">Tells this message from others that ask for the same; kept when it is sent again.</param>
public sealed record CompletionTask(string JobId, int Epoch, long Number, string Beginning, string Claim) : BulkUploadTask(JobId, Epoch)
{
    internal override long? Object => Number;

    /// <summary>The claim of the slice that asks for it: the same when its message comes again.</summary>
    internal static string ClaimOf(SliceTask slice) => $"{slice.Epoch}-{slice.Claim}";

    /// <summary>Whether another message of the same beginning of the job has claimed the object.</summary>
    internal bool IsTaken(string? claim) => claim is not null && claim != Claim && claim.StartsWith($"{Epoch}-", StringComparison.Ordinal);
}

/// <summary>Writes the report of a job whose objects have all ended, and ends it.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning.</param>
/// <param name="From">Object from which on the report goes on.</param>
/// <param name="Block">Blocks of the report that are written.</param>
public sealed record FinishTask(string JobId, int Epoch, long From = 0, int Block = 0) : BulkUploadTask(JobId, Epoch)
{
    /// <summary>Whether the report is not to be written beside the manifest, where it could not be.</summary>
    public bool IsElsewhere { get; init; }
}

/// <summary>Gives up the multipart uploads of a job that was canceled.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning.</param>
/// <param name="From">Object from which on they are looked for.</param>
public sealed record CancelTask(string JobId, int Epoch, long From = 0) : BulkUploadTask(JobId, Epoch);

/// <summary>Has the objects that failed tried again.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning.</param>
/// <param name="From">Object from which on they are looked for.</param>
public sealed record ReopenTask(string JobId, int Epoch, long From = 0) : BulkUploadTask(JobId, Epoch);

/// <summary>Removes a job that ended long ago.</summary>
/// <param name="JobId">Id of the job.</param>
/// <param name="Epoch">The job's beginning.</param>
/// <param name="Due">When; not sooner.</param>
public sealed record ForgetTask(string JobId, int Epoch, DateTimeOffset Due) : BulkUploadTask(JobId, Epoch);
