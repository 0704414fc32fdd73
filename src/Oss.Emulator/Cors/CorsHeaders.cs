using System.Globalization;
using Microsoft.AspNetCore.Http;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;

namespace Oss.Emulator.Cors;

/// <summary>The headers by which browsers let a page see a reply. A request that no rule fits is served all the same, without them.</summary>
internal static class CorsHeaders
{
    /// <summary>Adds them to the reply to an actual request, whatever has become of it.</summary>
    public static void Write(OssCall call, BucketIndex buckets)
    {
        if (buckets.Find(call.Target.Bucket)?.Record.Cors is not { } cors)
        {
            return;
        }

        if (cors.ResponseVary)
        {
            call.Response.Headers.Append("Vary", "Origin");
        }

        // A preflight has had its answer already.
        if (!HttpMethods.IsOptions(call.Request.Method) && call.Header("Origin") is { Length: > 0 } origin && cors.Find(origin, call.Request.Method, []) is { } rule)
        {
            Write(call.Response.Headers, rule, origin);
        }
    }

    /// <summary>Says what a rule allows an origin.</summary>
    public static void Write(IHeaderDictionary headers, CorsRule rule, string origin)
    {
        headers.AccessControlAllowOrigin = rule.OriginFor(origin);
        headers.AccessControlAllowMethods = string.Join(", ", rule.AllowedMethods);
        if (rule.ExposeHeaders.Count > 0)
        {
            headers.AccessControlExposeHeaders = string.Join(", ", rule.ExposeHeaders);
        }

        if (rule.MaxAgeSeconds is { } seconds)
        {
            headers.AccessControlMaxAge = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }
}
