using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Replies;

/// <summary>
/// Tells browsers which pages may read this app's answers. Functions apps have CORS settings of their own on the platform: where these are set, the platform answers preflights and
/// this is not asked.
/// </summary>
public sealed class Cors(IOptions<CorsOptions> options)
{
    private const string MaxAgeSeconds = "3600";

    private readonly IReadOnlySet<string> _origins = options.Value.Origins;

    /// <summary>Marks an answer as readable for the page that asked, if it is one of those allowed.</summary>
    /// <returns>Whether it is.</returns>
    internal bool Allow(HttpRequestData request, HttpResponseData response)
    {
        if (_origins.Count == 0)
        {
            return false;
        }

        var any = _origins.Contains("*");
        if (!any)
        {
            response.Headers.Add("Vary", "Origin");
        }

        if (!request.Headers.TryGetValues("Origin", out var values) || values.FirstOrDefault() is not { } origin || !(any || _origins.Contains(origin)))
        {
            return false;
        }

        response.Headers.Add("Access-Control-Allow-Origin", any ? "*" : origin);
        response.Headers.Add("Access-Control-Expose-Headers", "Retry-After, Location, Idempotent-Replayed");
        return true;
    }

    /// <summary>Answers a preflight: no cookies, the methods and headers of this app.</summary>
    internal void AllowPreflight(HttpRequestData request, HttpResponseData response)
    {
        if (Allow(request, response))
        {
            response.Headers.Add("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE");
            response.Headers.Add("Access-Control-Allow-Headers", "Content-Type, x-functions-key, x-caller-key, Idempotency-Key, traceparent, uppy-auth-token, uppy-versions");
            response.Headers.Add("Access-Control-Max-Age", MaxAgeSeconds);
        }
    }
}
