using Oss.Protocol;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The parts that one message carries: numbers <paramref name="First"/> to <paramref name="Last"/>.</summary>
/// <param name="V">Version; 1.</param>
/// <param name="JobId">Id of the job.</param>
/// <param name="First">First part.</param>
/// <param name="Last">Last part.</param>
/// <param name="Attempt">Attempts made before.</param>
public sealed record UploadSlice(int V, string JobId, int First, int Last, int Attempt = 0)
{
    /// <summary>All parts of a plan, in slices.</summary>
    internal static IReadOnlyList<UploadSlice> All(string jobId, UploadPlan plan, int partsPerSlice) =>
        [.. Enumerable.Range(0, (plan.PartCount + partsPerSlice - 1) / partsPerSlice)
            .Select(slice => new UploadSlice(1, jobId, slice * partsPerSlice + 1, Math.Min(plan.PartCount, (slice + 1) * partsPerSlice)))];
}

/// <summary>A message that asks for an object to be made of its parts.</summary>
/// <param name="V">Version; 1.</param>
/// <param name="JobId">Id of the job.</param>
/// <param name="Claim">Tells this message from others that ask for the same; kept when it is sent again.</param>
/// <param name="Attempt">Attempts made before.</param>
public sealed record UploadCompletion(int V, string JobId, string Claim, int Attempt = 0);

/// <summary>A message that could not be used, with the reason, as it goes to the poison queue.</summary>
/// <param name="V">Version; 1.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Reason">For people.</param>
/// <param name="Message">The message as it came.</param>
public sealed record DeadLetter(int V, string Code, string Reason, string Message);

/// <summary>The outcome of handling one message; only the function class touches the queues.</summary>
public abstract record UploadStep
{
    private UploadStep()
    {
    }

    /// <summary>Nothing is left to do.</summary>
    public sealed record Completed : UploadStep;

    /// <summary>Other messages take it from here.</summary>
    public sealed record Continue(IReadOnlyList<UploadSlice> Slices, UploadCompletion? Completion = null) : UploadStep;

    /// <summary>It will never succeed.</summary>
    public sealed record Failed(BulkUploadError Error) : UploadStep;

    /// <summary>The message is not taken; nothing of its job was touched.</summary>
    public sealed record Refused(Problem Problem) : UploadStep;

    /// <summary>It may succeed later: the same message again, after a while.</summary>
    public sealed record Retry(TimeSpan Delay) : UploadStep;

    internal static readonly UploadStep Done = new Completed();

    internal static Failed Fail(string code, string message) => new(new BulkUploadError(code, message));
}
