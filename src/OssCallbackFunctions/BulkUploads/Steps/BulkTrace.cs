using System.Diagnostics;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// The trace of a job: from whoever asked for it to its objects. Of a job of many objects about 100 are in it, evenly spread, since nobody reads a trace of a million; the others are in the
/// counts, the report and, if they fail, the log.
/// </summary>
internal static class BulkTrace
{
    /// <summary>Name of the activity of asking for a job.</summary>
    public const string Submission = "bulk.submit";

    /// <summary>Name of the activity of the first step.</summary>
    public const string Plan = "bulk.plan";

    /// <summary>Name of the activity of one object of a page.</summary>
    public const string Object = "bulk.object";

    /// <summary>Names of the activities of messages on the work queues.</summary>
    public static readonly IReadOnlyDictionary<Type, string> Tasks = new Dictionary<Type, string>
    {
        [typeof(ExpandTask)] = "bulk.expand", [typeof(DispatchTask)] = "bulk.dispatch", [typeof(PageTask)] = "bulk.page", [typeof(SliceTask)] = "bulk.slice",
        [typeof(CompletionTask)] = "bulk.completion", [typeof(FinishTask)] = "bulk.finish", [typeof(CancelTask)] = "bulk.cancel", [typeof(ReopenTask)] = "bulk.reopen",
        [typeof(ForgetTask)] = "bulk.forget",
    };

    /// <summary>Id of the job.</summary>
    public const string JobId = "bulk.job.id";

    private const string Number = "bulk.object.number";
    private const int Traced = 100;

    /// <summary>Begins the activity of asking for a job; null when nobody listens.</summary>
    public static Activity? StartSubmission() => AppTrace.Start(Submission);

    /// <summary>Begins the activity of planning a job.</summary>
    public static Activity? StartPlan(BulkUploadRecord job) => AppTrace.Continue(Plan, ActivityKind.Consumer, job.TraceParent)?.SetTag(JobId, job.Id);

    /// <summary>Begins the activity of a message.</summary>
    public static Activity? Start(BulkUploadTask task) =>
        AppTrace.Continue(Tasks[task.GetType()], ActivityKind.Consumer, task.TraceParent)?.SetTag(JobId, task.JobId).SetTag(Number, task.Object).SetTag("bulk.attempt", task.Attempt + 1);

    /// <summary>A message with the trace context that it belongs to.</summary>
    public static BulkUploadTask InTrace(BulkUploadTask task, BulkUploadRecord? job) => task with { TraceParent = ParentOf(job, task.Object) };

    /// <summary>Has the many requests of a message that is about many objects not recorded, but for those of objects that are.</summary>
    public static Activity? BeQuiet(BulkUploadTask task, Activity? activity) => task is SliceTask or CompletionTask ? null : AppTrace.BeQuiet(activity);

    /// <summary>Begins the activity of an object of a page; null: it is none of those that are recorded.</summary>
    public static Activity? Start(BulkUploadRecord job, UploadObject found) =>
        IsTraced(job, found.Number) ? AppTrace.StartBelowQuiet(Object)?.SetTag(JobId, job.Id).SetTag(Number, found.Number) : null;

    /// <summary>The trace context that belongs to a job and to one of its objects; marked as not recorded where that is so.</summary>
    public static string? ParentOf(BulkUploadRecord? job, long? number) =>
        job?.TraceParent is not { } parent || number is null || IsTraced(job, number.Value) ? job?.TraceParent : $"{parent[..^2]}00";

    // As long as it is not known how many there are, the first alone.
    private static bool IsTraced(BulkUploadRecord job, long number) => number % (job.IsExpanded ? Math.Max(1, job.Counts.Objects / Traced) : long.MaxValue) == 0;
}
