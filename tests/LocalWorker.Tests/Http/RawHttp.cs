using System.Net.Sockets;
using System.Text;

namespace LocalWorker.Tests.Http;

/// <summary>HTTP without a client that would tidy up what is sent or what comes back.</summary>
internal static class RawHttp
{
    /// <summary>Sends one request, and returns head and body as they are on the wire.</summary>
    public static async Task<(string Head, string Body)> SendAsync(Uri server, string requestLine, string headers = "", byte[]? body = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var length = body is null ? "" : $"Content-Length: {body.Length}\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"{requestLine}\r\nHost: {server.Authority}\r\nConnection: close\r\n{length}{headers}\r\n"), TestContext.Current.CancellationToken);
        await stream.WriteAsync(body ?? [], TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var reply = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split("\r\n\r\n", 2);
        return (reply[0], reply[1]);
    }
}
