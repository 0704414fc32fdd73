using System.Net;
using System.Net.Sockets;

namespace Sandbox;

/// <summary>TCP ports on the loopback interface.</summary>
public static class Ports
{
    /// <summary>Ports that nobody listens on at the moment of asking, all different.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. listeners.Select(listener =>
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            })];
        }
        finally
        {
            Array.ForEach(listeners, listener => listener.Dispose());
        }
    }

    /// <summary>Waits until something accepts connections on every one of the ports of 127.0.0.1.</summary>
    /// <exception cref="TimeoutException">A port still refuses connections when <paramref name="timeout"/> has passed.</exception>
    public static async Task WaitUntilOpenAsync(IEnumerable<int> ports, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        foreach (var port in ports)
        {
            while (!await IsOpenAsync(port, deadline.Token))
            {
                if (deadline.IsCancellationRequested)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    throw new TimeoutException($"Nothing answers on 127.0.0.1:{port} after {timeout.TotalSeconds:0} s.");
                }

                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    private static async Task<bool> IsOpenAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
