using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Benchmarks.Emulator;

/// <summary>A connection that costs the processor as little as can be: client and server share it. Blocking, one thread each.</summary>
internal sealed class Connection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _head = new byte[16 * 1024];
    private readonly byte[] _body = new byte[512 * 1024];

    public Connection(Uri server)
    {
        _socket.SendTimeout = _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        _socket.Connect(IPAddress.Loopback, server.Port);
    }

    /// <summary>Sends a whole request and reads the whole reply.</summary>
    /// <returns>Bytes of the reply's body.</returns>
    public long Exchange(byte[] request)
    {
        Send(request);
        return Receive(wanted: null);
    }

    /// <summary>Sends a request whose body is the block, over and over; the reply must have the texts wanted in its head.</summary>
    public void Put(byte[] head, byte[] block, long length, string[] wanted)
    {
        Send(head);
        for (var left = length; left > 0;)
        {
            var count = (int)Math.Min(left, block.Length);
            Send(block.AsSpan(0, count));
            left -= count;
        }

        Receive(wanted);
    }

    public void Dispose() => _socket.Dispose();

    private void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    private long Receive(string[]? wanted)
    {
        int received = 0, end;
        do
        {
            var count = _socket.Receive(_head.AsSpan(received));
            received += count > 0 ? count : throw new IOException("The server closed the connection.");
            end = _head.AsSpan(0, received).IndexOf("\r\n\r\n"u8);
        }
        while (end < 0);

        if (!_head.AsSpan().StartsWith("HTTP/1.1 20"u8) || wanted?.All(Encoding.ASCII.GetString(_head, 0, end).Contains) == false)
        {
            throw new InvalidOperationException($"Not the reply that was wanted: {Encoding.UTF8.GetString(_head, 0, received)}");
        }

        var length = Length(_head.AsSpan(0, end));
        for (long left = length - (received - end - 4); left > 0;)
        {
            var count = _socket.Receive(_body.AsSpan(0, (int)Math.Min(left, _body.Length)));
            left -= count > 0 ? count : throw new IOException("The server closed the connection.");
        }

        return length;
    }

    private static long Length(ReadOnlySpan<byte> head)
    {
        var name = "Content-Length: "u8;
        var start = head.IndexOf(name);
        if (start < 0)
        {
            return 0;
        }

        var value = head[(start + name.Length)..];
        var end = value.IndexOf((byte)'\r');
        return long.Parse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
