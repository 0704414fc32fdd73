using System.Diagnostics;
using Microsoft.Azure.Functions.Worker.Http;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Credentials;

/// <summary>The beginning of the trace that leads to the callback and the event.</summary>
internal static class CredentialTrace
{
    /// <summary>Name of the activity.</summary>
    public const string Credential = "upload.credential";

    /// <summary>Begins the activity of a request for a credential; null when nobody listens.</summary>
    public static Activity? Start() => AppTrace.Start(Credential);

    /// <summary>Notes which upload the credential of the request is for.</summary>
    public static void Lent(LedgerEntry? entry)
    {
        if (entry is not null && Activity.Current is { OperationName: Credential } activity)
        {
            activity.SetTag(AppTrace.UploadId, entry.Id).SetTag(AppTrace.Profile, entry.Profile);
        }
    }

    /// <summary>The request, with the trace context that its callback is to come back with: the activity's, or what the caller sent when there is none.</summary>
    public static UploadCredentialRequest Of(Activity? activity, UploadCredentialRequest asked, HttpRequestData request) =>
        asked with { TraceParent = activity?.Id ?? TraceParent.OfOrNew(request) };
}
