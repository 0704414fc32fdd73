using System.Net;
using System.Net.Sockets;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Connections to hosts that sources are on. A name is resolved once, each of its addresses must be public, and it is one of these that is connected to: whoever owns the name
/// cannot lead the app into its own network.
/// </summary>
internal static class SourceConnections
{
    // Redirects are followed by hand, each checked; a proxy would resolve names by itself.
    private const int MaxHeaderKilobytes = 32;

    /// <summary>A client with no timeout of its own.</summary>
    /// <param name="allowPrivate">Takes any address.</param>
    /// <param name="resolve">Finds the addresses of a host; null: DNS.</param>
    public static HttpClient Client(bool allowPrivate, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // DNS changes are seen after this time.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = (context, token) => ConnectAsync(context.DnsEndPoint, allowPrivate, resolve ?? Dns.GetHostAddressesAsync, token),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint host, bool allowPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        var addresses = await resolve(host.Host, cancellationToken);
        if (!allowPrivate && !addresses.All(PublicAddress.Is))
        {
            throw new SourceException("source_address_refused", $"The host {host.Host} has an address that is not one of the public internet.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
