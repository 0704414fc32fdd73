using System.Globalization;
using System.Text;
using Oss.Protocol;

namespace Benchmarks.Emulator;

/// <summary>Heads of requests with a presigned URL, made before the clock starts. All servers get the same ones; only the emulator reads the signature.</summary>
internal static class Requests
{
    public const string Bucket = "examplebucket";

    private static readonly OssEndpoint Endpoint = OssEndpoint.Parse("http://127.0.0.1");
    private static readonly V4Signer Signer = new(ServerProgram.Key, "cn-hangzhou");

    public static byte[] Put(string key, long length) =>
        Head("PUT", key, string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n"));

    /// <summary>Head and body in one.</summary>
    public static byte[] Put(string key, byte[] body) => [.. Put(key, body.Length), .. body];

    public static byte[] Get(string key) => Head("GET", key, "");

    public static byte[] Delete(string key) => Head("DELETE", key, "");

    private static byte[] Head(string method, string key, string headers)
    {
        var url = Signer.Presign(new OssRequest(method, Bucket, key), Endpoint, DateTimeOffset.UtcNow, TimeSpan.FromDays(1)).Url;
        return Encoding.ASCII.GetBytes($"{method} {url[Endpoint.ToString().Length..]} HTTP/1.1\r\nHost: {Endpoint.Authority}\r\n{headers}\r\n");
    }
}
