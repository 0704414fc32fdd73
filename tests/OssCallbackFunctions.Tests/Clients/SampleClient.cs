using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace OssCallbackFunctions.Tests.Clients;

/// <summary>
/// The requests by which the five clients of OSS's sample code for presigned PUT use a URL, byte for byte as they were seen on the wire: curl 7.88 and PHP 8.2 (libcurl),
/// Python's requests 2.34, Go 1.19's net/http, and Java's Apache HttpClient 4.5. They differ in what they add, in the order and case of names, and in waiting for "100 Continue". The URL all five
/// leave as it is while no part of its path is empty, <c>.</c> or <c>..</c>.
/// </summary>
internal static class SampleClient
{
    public static readonly string[] Names = ["curl", "PHP", "Python", "Go", "Java"];

    /// <summary>Sends a file with the headers that were lent, but for what the test changes (null: left out).</summary>
    public static async Task<(int Status, string Body)> PutAsync(string client, JsonElement put, byte[] content, params IEnumerable<(string Name, string? Value)> changes)
    {
        var headers = put.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString());
        foreach (var (name, value) in changes)
        {
            headers[name] = value;
        }

        var url = put.GetProperty("url").GetString()!;
        var authority = new Uri(url).Authority;
        var target = url[(url.IndexOf(authority, StringComparison.Ordinal) + authority.Length)..];
        var lent = headers.Where(header => header.Value is not null && header.Key != "Content-Length").Select(header => $"{header.Key}: {header.Value}");
        var head = $"PUT {target} HTTP/1.1\r\n{string.Join("\r\n", Lines(client, authority, [.. lent], content.Length))}\r\n\r\n";
        return await SendAsync(new Uri(url), head, content);
    }

    private static string[] Lines(string client, string host, string[] lent, int length) => client switch
    {
        "curl" => [$"Host: {host}", "User-Agent: curl/7.88.1", "Accept: */*", .. lent, $"Content-Length: {length}", "Expect: 100-continue"],
        "PHP" => [$"Host: {host}", "Accept: */*", .. lent, $"Content-Length: {length}", "Expect: 100-continue"],
        "Python" =>
        [
            $"Host: {host}", "User-Agent: python-requests/2.34.2", "Accept-Encoding: gzip, deflate", "Accept: */*", "Connection: keep-alive", .. lent, $"Content-Length: {length}",
        ],
        "Go" => [$"Host: {host}", "User-Agent: Go-http-client/1.1", $"Content-Length: {length}", .. lent.Select(Canonical).Order(StringComparer.Ordinal), "Accept-Encoding: gzip"],
        "Java" =>
        [
            .. lent, $"Content-Length: {length}", $"Host: {host}", "Connection: Keep-Alive", "User-Agent: Apache-HttpClient/4.5.14 (Java/17.0.15)", "Accept-Encoding: gzip,deflate",
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(client)),
    };

    // Go writes every name in its own way: X-Oss-Callback.
    private static string Canonical(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return string.Join('-', line[..colon].Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant())) + line[colon..];
    }

    private static async Task<(int Status, string Body)> SendAsync(Uri url, string head, byte[] content)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var connection = new TcpClient();
        await connection.ConnectAsync(url.Host, url.Port, patience.Token);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), patience.Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        if (head.Contains("Expect: 100-continue", StringComparison.Ordinal))
        {
            var (status, refusal) = await ReadAsync(reader, patience.Token);
            if (status != 100)
            {
                return (status, refusal);
            }
        }

        await stream.WriteAsync(content, patience.Token);
        return await ReadAsync(reader, patience.Token);
    }

    private static async Task<(int Status, string Body)> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var status = int.Parse((await reader.ReadLineAsync(cancellationToken))!.Split(' ')[1], null);
        var length = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            length = line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase) ? int.Parse(line["Content-Length: ".Length..], null) : length;
        }

        // A reader that is asked for nothing waits for something all the same.
        var body = new char[length];
        Assert.Equal(length, length == 0 ? 0 : await reader.ReadBlockAsync(body, cancellationToken));
        return (status, new string(body));
    }
}
