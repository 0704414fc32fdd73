using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Xml.Linq;

namespace Oss.Emulator.Tests.Malformed;

/// <summary>Bytes that were sent on a connection of their own, and what came back before it was closed.</summary>
internal static class RawExchange
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // A server that has not answered by now probably waits for more; what it says to the end of the request is what counts.
    private static readonly TimeSpan BeforeEnd = TimeSpan.FromMilliseconds(150);

    /// <summary>Sends the bytes and reads the reply; when there is none, closes the sending side and reads all there is.</summary>
    /// <param name="port">Where to.</param>
    /// <param name="request">The bytes.</param>
    /// <param name="isWhole">Whether they are a whole request that asks for the connection to be closed: then the server is waited for.</param>
    /// <exception cref="TimeoutException">The server neither answered nor closed the connection.</exception>
    public static async Task<byte[]> SendAsync(int port, ReadOnlyMemory<byte> request, bool isWhole = false)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        using var reply = new MemoryStream();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, deadline.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(request, deadline.Token);
            var reading = stream.CopyToAsync(reply, deadline.Token);
            if (!isWhole)
            {
                await Task.WhenAny(reading, Task.Delay(BeforeEnd, deadline.Token));
                client.Client.Shutdown(SocketShutdown.Send);
            }

            await reading;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No end of the reply within {Patience.TotalSeconds:0} s, after: {Encoding.UTF8.GetString(reply.ToArray())}");
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Closed on us, which is an answer too.
        }

        return reply.ToArray();
    }

    /// <summary>What is wrong with a reply; null when it is one that OSS could give: nothing, a success, an error in OSS's form, or HTTP's own refusal of what is no HTTP.</summary>
    /// <param name="reply">All that came.</param>
    /// <param name="status">HTTP status of the first reply; 0 when there was none.</param>
    public static string? Fault(byte[] reply, out int status)
    {
        status = 0;
        if (reply.Length == 0)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(reply);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || !text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) || !int.TryParse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out status))
        {
            return "no HTTP reply";
        }

        if (status == 100)
        {
            return Fault(Encoding.UTF8.GetBytes(text[(end + 4)..]), out status);
        }

        var headers = text[..end].Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).Where(line => line.Length == 2)
            .GroupBy(line => line[0], StringComparer.OrdinalIgnoreCase).ToDictionary(line => line.Key, line => line.First()[1], StringComparer.OrdinalIgnoreCase);
        if (!headers.ContainsKey("x-oss-request-id"))
        {
            // Kestrel's: the request did not get as far as the emulator.
            return status is 400 or 404 or 405 or 408 or 413 or 414 or 431 or 505 || (status == 200 && text.Contains("_emulator", StringComparison.Ordinal)) ? null : $"status {status} without a request id";
        }

        return status >= 500 && status != 501 ? $"status {status}"
            : status < 400 || headers.GetValueOrDefault("Content-Length") is null or "0" ? null
            : ErrorFault(text[(end + 4)..], status);
    }

    private static string? ErrorFault(string body, int status)
    {
        // A connection can carry several requests, and so their replies; the first has to do.
        var xml = body.IndexOf("</Error>", StringComparison.Ordinal) is >= 0 and var close ? body[..(close + "</Error>".Length)] : body;
        try
        {
            var root = XElement.Parse(xml);
            return root.Name != "Error" || string.IsNullOrEmpty(root.Element("Code")?.Value) || root.Element("RequestId") is null ? $"status {status} without Code and RequestId"
                : root.Value.Contains("   at ", StringComparison.Ordinal) ? "a stack trace"
                : root.Element("Code")!.Value == "InternalError" ? "InternalError"
                : null;
        }
        catch (System.Xml.XmlException e)
        {
            return $"status {status} with a body that is no XML: {e.Message}";
        }
    }
}
