using System.Text;
using System.Text.Json;
using Oss.Protocol;
using Oss.Protocol.Tests;

namespace Oss.Emulator.Tests.Malformed;

/// <summary>A request as an official SDK sent it, byte for byte.</summary>
internal static class WireRequest
{
    /// <summary>The middle of the minutes in which they were sent: within 15 of each.</summary>
    public static readonly DateTimeOffset Time = new(2026, 11, 23, 9, 5, 0, TimeSpan.Zero);

    public static AccessKey Key(JsonElement input) => new(input.Text("accessKeyId"), input.Text("accessKeySecret"), input.TextOrNull("securityToken"));

    /// <param name="input">The request.</param>
    /// <param name="closes">Whether it asks for the connection to be closed.</param>
    public static byte[] ToBytes(JsonElement input, bool closes = false)
    {
        var head = new StringBuilder($"{input.Text("method")} {input.Text("target")} HTTP/1.1\r\n");
        foreach (var header in input.GetProperty("headers").EnumerateArray())
        {
            // The body is here in whole: it needs neither to be waited for nor to be cut into chunks.
            if (header[0].GetString() is { } name && !(closes && name.Equals("Connection", StringComparison.OrdinalIgnoreCase)) && !name.Equals("Expect", StringComparison.OrdinalIgnoreCase) && !name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                head.Append(name).Append(": ").Append(header[1].GetString()).Append("\r\n");
            }
        }

        var body = Convert.FromBase64String(input.Text("bodyBase64"));
        if (body.Length > 0 && !head.ToString().Contains("\ncontent-length:", StringComparison.OrdinalIgnoreCase))
        {
            head.Append("Content-Length: ").Append(body.Length).Append("\r\n");
        }

        if (closes)
        {
            head.Append("Connection: close\r\n");
        }

        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body];
    }
}
