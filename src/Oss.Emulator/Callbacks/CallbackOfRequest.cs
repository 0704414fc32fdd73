using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Callbacks;

/// <summary>Finds the callback that came with a request, and checks it before anything is stored.</summary>
internal static class CallbackOfRequest
{
    /// <summary>The callback in the headers or in the query; null when there is none.</summary>
    public static CallbackParameter? Read(OssCall call)
    {
        var header = call.Header("x-oss-callback");
        var query = call.Target.Parameter("callback");
        if ((header ?? call.Header("x-oss-callback-var")) is not null && (query ?? call.Target.Parameter("callback-var")) is not null)
        {
            throw Refusals.InvalidArgument("callback", header, "The callback must be given in the header or in the query, not in both.", "0007-00000027");
        }

        return header is not null ? Parse(header, call.Header("x-oss-callback-var"))
            : query is not null ? Parse(query, call.Target.Parameter("callback-var"))
            : null;
    }

    /// <summary>The callback in a form, whose variables are fields of their own.</summary>
    public static CallbackParameter? Read(IReadOnlyDictionary<string, string> form) =>
        form.TryGetValue("callback", out var callback)
            ? Parse(callback, null) with
            {
                Variables = form.Where(field => field.Key.StartsWith("x:", StringComparison.Ordinal)).ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal),
            }
            : null;

    private static CallbackParameter Parse(string callback, string? variables) =>
        CallbackParameter.TryParse(callback, variables, out var parameter, out var error) ? parameter : throw new OssException(error);
}
