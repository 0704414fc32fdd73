using System.Diagnostics;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>The callback's place in the trace of the request for its credential.</summary>
internal static class CallbackTrace
{
    /// <summary>Name of the activity source.</summary>
    public const string Source = "OssCallbackFunctions";

    /// <summary>Name of the activity of a callback whose grant is ours.</summary>
    public const string Callback = "upload.callback";

    private static readonly ActivitySource Activities = new(Source);

    /// <summary>Begins the activity of a callback; null when nobody listens.</summary>
    public static Activity? Start(UploadGrant grant)
    {
        // What the platform began for the request belongs to OSS's call, which knows of no trace.
        ActivityLink[] links = Activity.Current is { } current ? [new(current.Context)] : [];
        var activity = ActivityContext.TryParse(grant.TraceParent, null, isRemote: true, out var parent)
            ? Activities.StartActivity(Callback, ActivityKind.Consumer, parent, tags: null, links)
            : Activities.StartActivity(Callback, ActivityKind.Consumer);
        return activity?.SetTag("upload.id", grant.Id).SetTag("upload.profile", grant.Profile);
    }
}
