using System.Diagnostics;
using Microsoft.Azure.Functions.Worker.Http;

namespace LocalWorker.Functions;

/// <summary>
/// The activity of each call of a function, of the source that the worker's have. What host and worker have in two, one inside the other, is one here: it belongs to the trace of the
/// request's traceparent, or begins one. There are none while nobody listens.
/// </summary>
internal static class FunctionTrace
{
    private static readonly ActivitySource Activities = new("Microsoft.Azure.Functions.Worker");

    /// <summary>Begins the activity of a call. Baggage is not taken over.</summary>
    public static Activity? Start(LocalFunctionContext context)
    {
        if (!Activities.HasListeners())
        {
            return null;
        }

        // The server's own is not exported, and as a parent would be missed.
        Activity.Current = null;
        ActivityContext.TryParse(context.Trigger.TraceParent, null, isRemote: true, out var parent);
        var name = context.FunctionDefinition.Name;
        return Activities.StartActivity(name, context.Trigger.Kind, parent)?.SetTag("faas.name", name).SetTag("faas.invocation_id", context.InvocationId);
    }

    /// <summary>Notes how a call ended.</summary>
    public static void End(Activity? activity, object? result)
    {
        if (activity is not null && result is HttpResponseData { StatusCode: var status })
        {
            activity.SetTag("http.response.status_code", (int)status).SetStatus((int)status >= 500 ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }
    }

    /// <summary>Notes that a call failed; why is in the log.</summary>
    public static void Fail(Activity? activity, Exception e) => activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().FullName);

    /// <summary>Keeps what the host does by itself until the end of the calling method, such as polling, out of traces.</summary>
    public static void BeQuiet()
    {
        if (Activities.HasListeners())
        {
            Activity.Current = null;
            new Activity("host").Start().ActivityTraceFlags = ActivityTraceFlags.None;
        }
    }
}
