using System.Diagnostics;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>The callback's place in the trace of the request for its credential.</summary>
internal static class CallbackTrace
{
    /// <summary>Name of the activity of a callback whose grant is ours.</summary>
    public const string Callback = "upload.callback";

    /// <summary>Name of the activity of settling an entry of the ledger.</summary>
    public const string Settlement = "upload.settlement";

    /// <summary>Name of the activity of sending an event to its queue and to the webhooks.</summary>
    public const string Event = "upload.event";

    /// <summary>Begins the activity of a callback; null when nobody listens.</summary>
    // What the platform began for the request belongs to OSS's call, which knows of no trace: it is linked.
    public static Activity? Start(UploadGrant grant) =>
        AppTrace.Continue(Callback, ActivityKind.Consumer, grant.TraceParent)?.SetTag(AppTrace.UploadId, grant.Id).SetTag(AppTrace.Profile, grant.Profile);

    /// <summary>Begins the activity of settling an entry of the ledger.</summary>
    public static Activity? Start(LedgerEntry entry) =>
        AppTrace.Continue(Settlement, ActivityKind.Consumer, entry.TraceParent)?.SetTag(AppTrace.UploadId, entry.Id).SetTag(AppTrace.Profile, entry.Profile);

    /// <summary>Begins the activity of sending an event.</summary>
    public static Activity? Start(UploadEvent happened) =>
        AppTrace.Start(Event, ActivityKind.Producer)?.SetTag(AppTrace.UploadId, happened.Data.UploadId).SetTag(AppTrace.Profile, happened.Data.Profile);
}
