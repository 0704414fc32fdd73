using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>The outcome of handling one message; only the function class touches the queues.</summary>
public abstract record UploadStep
{
    private UploadStep()
    {
    }

    /// <summary>Nothing is left to do.</summary>
    public sealed record Completed : UploadStep;

    /// <summary>Other messages take it from here, at once or after a while.</summary>
    public sealed record Continue(IReadOnlyList<BulkUploadTask> Tasks, TimeSpan? Delay = null) : UploadStep
    {
        internal Continue(BulkUploadTask task, TimeSpan? delay = null)
            : this([task], delay)
        {
        }

        /// <summary>The one thing that comes next, when a repeat of the message comes to the very same: then it need not be a message of its own.</summary>
        internal BulkUploadTask? Next { get; private init; }

        internal static Continue With(BulkUploadTask next) => new(next) { Next = next };
    }

    /// <summary>The message is not taken; nothing of its job was touched.</summary>
    public sealed record Refused(Problem Problem) : UploadStep;

    internal static readonly UploadStep Done = new Completed();
}
