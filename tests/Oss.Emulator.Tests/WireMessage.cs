using Oss.Protocol;

namespace Oss.Emulator.Tests;

/// <summary>Requests for an HTTP client that changes nothing about them: keys keep their dot segments, headers and queries are as given.</summary>
internal static class WireMessage
{
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static HttpRequestMessage Of(string method, string url, IEnumerable<KeyValuePair<string, string>> headers, HttpContent? body = null)
    {
        var message = new HttpRequestMessage(new HttpMethod(method), new Uri(url, AsIs)) { Content = body };
        foreach (var (name, value) in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.Remove(name);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    /// <summary>The query with its "?", or nothing; a parameter without a value has no "=".</summary>
    public static string Query(OssRequest request) => request.Query.Count == 0 ? ""
        : "?" + string.Join('&', request.Query.Select(p => OssEncoding.Encode(p.Key) + (string.IsNullOrEmpty(p.Value) ? "" : "=" + OssEncoding.Encode(p.Value))));
}
