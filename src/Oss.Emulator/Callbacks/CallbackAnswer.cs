using System.Globalization;
using System.Text;

namespace Oss.Emulator.Callbacks;

/// <summary>What a callback server answers, read no further than OSS needs it: the head, and the body if there is a use for it.</summary>
internal sealed class CallbackAnswer
{
    private const int MaxHeadLength = 64 * 1024;

    private readonly Stream _connection;
    private readonly ReadOnlyMemory<byte> _bodyStart;
    private readonly List<KeyValuePair<string, string>> _headers;

    private CallbackAnswer(int status, List<KeyValuePair<string, string>> headers, Stream connection, ReadOnlyMemory<byte> bodyStart)
    {
        Status = status;
        _headers = headers;
        _connection = connection;
        _bodyStart = bodyStart;
    }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>Whether the body's length is told in the body itself.</summary>
    public bool HasTransferEncoding => Values("Transfer-Encoding").Any();

    /// <summary>The values of Content-Length, as they stand.</summary>
    public IReadOnlyList<string> ContentLengths => [.. Values("Content-Length")];

    /// <summary>The media type, without parameters.</summary>
    public string MediaType => (Values("Content-Type").FirstOrDefault() ?? "").Split(';')[0].Trim();

    /// <summary>Reads the head; null when what comes is no HTTP answer, or nothing.</summary>
    public static async Task<CallbackAnswer?> ReadAsync(Stream connection, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxHeadLength];
        var filled = 0;
        for (var start = 0; ;)
        {
            var end = buffer.AsSpan(start, filled - start).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var after = start + end + 4;
                var answer = Parse(Encoding.Latin1.GetString(buffer, start, end), connection, buffer.AsMemory(after, filled - after));
                if (answer?.Status is not (>= 100 and < 200))
                {
                    return answer;
                }

                // "100 Continue" and the like come before the answer.
                start = after;
                continue;
            }

            var read = filled == buffer.Length ? 0 : await connection.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            filled += read;
        }
    }

    /// <summary>Reads the body; what is there when the connection ends before it does.</summary>
    public async Task<byte[]> ReadBodyAsync(int length, CancellationToken cancellationToken)
    {
        var body = new byte[length];
        var filled = Math.Min(length, _bodyStart.Length);
        _bodyStart[..filled].CopyTo(body);
        filled += await _connection.ReadAtLeastAsync(body.AsMemory(filled), length - filled, throwOnEndOfStream: false, cancellationToken);
        return body[..filled];
    }

    private static CallbackAnswer? Parse(string head, Stream connection, ReadOnlyMemory<byte> bodyStart)
    {
        var lines = head.Split("\r\n");
        var status = lines[0].Split(' ', 3);
        if (!status[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || status.Length < 2
            || status[1].Length != 3 || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            return null;
        }

        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2).Select(pair => KeyValuePair.Create(pair[0], pair[1].Trim())).ToList();
        return new CallbackAnswer(code, headers, connection, bodyStart);
    }

    private IEnumerable<string> Values(string name) => _headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
}
