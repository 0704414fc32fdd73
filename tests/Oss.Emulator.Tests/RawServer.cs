using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Oss.Emulator.Tests;

/// <summary>A callback server without manners: it keeps each request to the byte, and answers with any bytes, or with none.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly string _answer;
    private readonly Task _serving;

    public RawServer(string answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Authority => _listener.LocalEndpoint.ToString()!;

    /// <summary>Heads and bodies, in order.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptTcpClientAsync(_stopping.Token);
                var stream = connection.GetStream();
                _requests.Enqueue(await ReadAsync(stream));
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_answer), _stopping.Token);
                connection.Client.Shutdown(SocketShutdown.Send);
                // Closed with unread bytes, a connection is reset, and the answer may be lost.
                await stream.CopyToAsync(Stream.Null, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        for (int? missing = null; missing is not <= 0;)
        {
            var read = await stream.ReadAsync(buffer, _stopping.Token);
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            var head = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 || read == 0)
            {
                var length = text.ToString().Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));
                missing = read == 0 || length is null ? 0 : head + 4 + int.Parse(length[16..], System.Globalization.CultureInfo.InvariantCulture) - text.Length;
            }
        }

        return text.ToString();
    }
}
