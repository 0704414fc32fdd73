using System.Diagnostics;

namespace OssCallbackFunctions;

/// <summary>HTTP to the outside: no redirects (a signed request or a pinned URL has one address), no cookies, no overall timeout (bodies may be long).</summary>
internal static class OutboundHttp
{
    public static HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // Who asks us for something, and in which trace, is nothing to others: neither trace context nor baggage is sent on.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // DNS changes are seen after this time.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
}
