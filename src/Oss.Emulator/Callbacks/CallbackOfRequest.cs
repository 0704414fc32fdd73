using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>Finds the callback that came with a request, and checks it before anything is stored.</summary>
internal static class CallbackOfRequest
{
    /// <summary>The callback in the headers or in the query; null when there is none.</summary>
    public static CallbackParameter? Read(OssCall call)
    {
        var (header, query) = (call.Header("x-oss-callback"), call.Target.Parameter("callback"));
        var (headerVariables, queryVariables) = (call.Header("x-oss-callback-var"), call.Target.Parameter("callback-var"));
        if (headerVariables is not null && queryVariables is not null && (header is null || query is null))
        {
            throw Refusals.InvalidArgument("callback-var", headerVariables, "The callback-var must be given in the header or in the query, not in both.");
        }

        if ((header ?? headerVariables) is not null && (query ?? queryVariables) is not null)
        {
            throw Refusals.InvalidArgument("callback", header ?? query, "The callback must be given in the header or in the query, not in both.", "0007-00000027");
        }

        return (header ?? query) is { } callback ? Kept(call, Parse(callback, headerVariables ?? queryVariables)) : null;
    }

    /// <summary>The callback in a form, whose variables are fields of their own.</summary>
    public static CallbackParameter? Read(OssCall call, IReadOnlyDictionary<string, string> form) =>
        form.TryGetValue("callback", out var callback)
            ? Kept(call, Parse(callback, null) with
            {
                Variables = form.Where(field => field.Key.StartsWith("x:", StringComparison.Ordinal)).ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal),
            })
            : null;

    private static CallbackParameter Parse(string callback, string? variables) =>
        CallbackParameter.TryParse(callback, variables, out var parameter, out var error) ? parameter : throw new OssException(error);

    private static CallbackParameter? Kept(OssCall call, CallbackParameter callback)
    {
        // OSS reads the template when it has variables of the user's to put in; what it says of one without is not known.
        if (callback.Variables.Count > 0 && CallbackBody.FaultOf(callback.Body) is { } fault)
        {
            throw Refusals.InvalidArgument("ReplaceKeyPrefix", callback.Body, fault, "0007-00000105");
        }

        return call.CallbackFault.Drop is CallbackDrop.AsSuccess ? null : callback;
    }
}
