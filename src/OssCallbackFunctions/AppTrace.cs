using System.Diagnostics;

namespace OssCallbackFunctions;

/// <summary>The app's own activities: none, and at no cost, while nobody listens.</summary>
internal static class AppTrace
{
    /// <summary>Name of the activity source.</summary>
    public const string Source = "OssCallbackFunctions";

    /// <summary>Name of the worker's, which has an activity for each call of a function.</summary>
    public const string WorkerSource = "Microsoft.Azure.Functions.Worker";

    /// <summary>Id of the upload.</summary>
    public const string UploadId = "upload.id";

    /// <summary>Name of the profile.</summary>
    public const string Profile = "upload.profile";

    private static readonly ActivitySource Activities = new(Source);

    /// <summary>Trace context of what is being done; null when nobody listens to it.</summary>
    public static string? Current => Activity.Current is { Source.Name: Source or WorkerSource } current ? current.Id : null;

    /// <summary>Begins an activity within what is being done.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Activities.StartActivity(name, kind);

    /// <summary>Begins an activity in the trace that a trace context names, with a link to the call that brought it; within that call when it names none.</summary>
    public static Activity? Continue(string name, ActivityKind kind, string? traceParent)
    {
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent))
        {
            return Activities.StartActivity(name, kind);
        }

        ActivityLink[] links = Activity.Current is { } current && current.TraceId != parent.TraceId ? [new(current.Context)] : [];
        return Activities.StartActivity(name, kind, parent, tags: null, links);
    }

    /// <summary>Begins one of many activities below an activity that is quiet, so that it is recorded all the same.</summary>
    public static Activity? StartBelowQuiet(string name) => Activities.StartActivity(name, ActivityKind.Internal, Activity.Current?.Parent?.Context ?? default);

    /// <summary>Has what is done until the end of it recorded no more: too many requests of one kind for a trace. Null when nobody listens.</summary>
    public static Activity? BeQuiet(Activity? within)
    {
        if (within is null)
        {
            return null;
        }

        var quiet = new Activity("quiet").Start();
        quiet.ActivityTraceFlags = ActivityTraceFlags.None;
        return quiet;
    }
}
