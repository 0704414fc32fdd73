using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Oss.Emulator.Faults;

/// <summary>Unwinds a request whose connection is to be reset. Of the kind that stands for a client's own reset, so nobody takes it for a malformed body.</summary>
internal sealed class InjectedResetException() : ConnectionResetException("A fault was asked for.");

/// <summary>Breaks connections when what has been written before is on its way: <see cref="HttpContext.Abort"/> alone throws away what is still in buffers.</summary>
internal static class BrokenConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Nothing tells when encrypted bytes have left; on this machine they take much less.
    private static readonly TimeSpan PatienceWithTls = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends some last bytes, and then no more.</summary>
    /// <param name="http">The exchange; what was written to it has been flushed.</param>
    /// <param name="last">The bytes.</param>
    /// <param name="closes">Whether the connection is closed rather than reset.</param>
    public static async Task BreakAfterAsync(HttpContext http, ReadOnlyMemory<byte> last, bool closes)
    {
        var output = http.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output;
        await output.WriteAsync(last);
        if (http.Request.IsHttps)
        {
            await Task.Delay(PatienceWithTls);
        }
        else
        {
            // Completed, the output is handed to the system to its end, and then the socket is closed: with no lingering that is a reset.
            if (!closes && http.Features.Get<IConnectionSocketFeature>() is { } connection)
            {
                connection.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }

            await output.CompleteAsync();
            await ClosedAsync(http.Features.GetRequiredFeature<IConnectionLifetimeFeature>().ConnectionClosed);
        }

        http.Abort();
    }

    /// <summary>Aborts, and waits for it: a server that gets the request back before goes on to read the next one from a connection that is half gone.</summary>
    public static Task AbortAsync(HttpContext http)
    {
        http.Abort();
        return ClosedAsync(http.Features.GetRequiredFeature<IConnectionLifetimeFeature>().ConnectionClosed);
    }

    // A client that does not read would keep it open.
    private static async Task ClosedAsync(CancellationToken closed)
    {
        try
        {
            await Task.Delay(Patience, closed);
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }
}
