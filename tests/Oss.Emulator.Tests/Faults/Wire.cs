using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Faults;

/// <summary>What is seen of an exchange without an HTTP client in between.</summary>
internal static class Wire
{
    /// <summary>Sends the head of a signed request and some bytes, and reads to the end of the connection.</summary>
    /// <returns>What came, and whether the connection ended with a reset.</returns>
    public static async Task<(string Head, byte[] Body, bool WasReset)> ExchangeAsync(TestOss oss, OssRequest request, byte[]? body = null, params string[] headers)
    {
        await using var connection = await oss.ConnectAsync();
        var target = $"/{request.Bucket}/{OssEncoding.EncodePath(request.Key!)}";
        await connection.WriteAsync(oss.RawHead(request, target + WireMessage.Query(request), headers));
        var wasReset = false;
        try
        {
            // Not even an empty write when there is nothing to send: the connection may be over by then.
            if (body is not null)
            {
                await connection.WriteAsync(body);
            }
        }
        catch (IOException e) when (IsReset(e))
        {
            // Whoever resets the connection need not wait for the body; and it is told once only.
            wasReset = true;
        }

        var (head, rest, isReset) = await ReadAsync(connection);
        return (head, rest, wasReset || isReset);
    }

    public static async Task<(string Head, byte[] Body, bool WasReset)> ReadAsync(Stream connection)
    {
        using var received = new MemoryStream();
        var wasReset = false;
        try
        {
            var buffer = new byte[4096];
            for (int read; (read = await connection.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(30))) > 0;)
            {
                received.Write(buffer, 0, read);
            }
        }
        catch (IOException e) when (IsReset(e))
        {
            wasReset = true;
        }

        var bytes = received.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        return end < 0 ? (Encoding.UTF8.GetString(bytes), [], wasReset) : (Encoding.UTF8.GetString(bytes, 0, end), bytes[(end + 4)..], wasReset);
    }

    private static bool IsReset(IOException e) => e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset };

    /// <summary>Moves the clock on until something has happened, and says how far that was.</summary>
    public static async Task<TimeSpan> AdvanceUntilAsync(FakeTimeProvider clock, Task happening, TimeSpan step)
    {
        var start = clock.GetUtcNow();
        var patience = Task.Delay(TimeSpan.FromSeconds(60));
        while (await Task.WhenAny(happening, patience, Task.Delay(1)) is var first && first != happening)
        {
            Assert.NotSame(patience, first);
            clock.Advance(step);
        }

        return clock.GetUtcNow() - start;
    }
}
