using System.Net;
using System.Net.Sockets;

namespace Oss.Emulator;

/// <summary>Sockets on 127.0.0.1 and, where there is one, ::1, with one port. Bound before the server starts, so that its address is known and nobody else can take it.</summary>
internal sealed class LocalSockets : IDisposable
{
    private const int Attempts = 50;
    private readonly List<Socket> _sockets;

    private LocalSockets(List<Socket> sockets)
    {
        _sockets = sockets;
    }

    public int Port => ((IPEndPoint)_sockets[0].LocalEndPoint!).Port;

    public IEnumerable<IPEndPoint> EndPoints => _sockets.Select(socket => (IPEndPoint)socket.LocalEndPoint!);

    /// <summary>Binds; port 0 takes one that is free on both addresses.</summary>
    public static LocalSockets Bind(int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            var sockets = new List<Socket> { Bound(IPAddress.Loopback, port) };
            try
            {
                sockets.Add(Bound(IPAddress.IPv6Loopback, ((IPEndPoint)sockets[0].LocalEndPoint!).Port));
                return new LocalSockets(sockets);
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
            {
                return new LocalSockets(sockets);
            }
            catch (SocketException) when (port == 0 && attempt < Attempts)
            {
                sockets[0].Dispose();
            }
        }
    }

    /// <summary>The socket bound to the address, which is its finder's from now on; null when it is none of these.</summary>
    public Socket? Find(EndPoint endPoint) => _sockets.SingleOrDefault(socket => endPoint.Equals(socket.LocalEndPoint));

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private static Socket Bound(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
