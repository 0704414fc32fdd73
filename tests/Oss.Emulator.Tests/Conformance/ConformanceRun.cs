using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Oss.Emulator.Tests.Buckets;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>One test against one target: requests on keys below a random prefix, which is left empty.</summary>
internal sealed class ConformanceRun : IAsyncDisposable
{
    private const string LocalNames = ".localhost";

    private readonly ConformanceTarget _target;
    private readonly HttpClient _http;

    private ConformanceRun(ConformanceTarget target)
    {
        _target = target;
        Signer = new(target.Key, target.Region);

        // An IP address is this machine, or one beside it.
        var isLocal = target.Endpoint.Addressing == OssAddressing.Path || target.Endpoint.Authority.Contains(LocalNames, StringComparison.Ordinal);
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !isLocal, ConnectCallback = ConnectAsync }) { Timeout = TimeSpan.FromSeconds(60) };
    }

    public OssEndpoint Endpoint => _target.Endpoint;

    public string Bucket => _target.Bucket;

    public string Region => _target.Region;

    public AccessKey AccessKey => _target.Key;

    public V4Signer Signer { get; }

    public string Prefix { get; } = $"oss-conformance/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}/";

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static async Task<ConformanceRun> StartAsync(string target) => new(await ConformanceTarget.StartAsync(target));

    public string Key(string name) => Prefix + name;

    /// <summary>The header that names an object as the source of a copy.</summary>
    public (string, string) Source(string name) => ("x-oss-copy-source", $"/{Bucket}/{OssEncoding.EncodePath(Key(name))}");

    /// <summary>A request on an object below the prefix, or on the bucket where there is no name.</summary>
    public OssRequest Request(string method, string? name, params (string Name, string Value)[] headers)
    {
        var request = new OssRequest(method, Bucket, name is null ? null : Key(name));
        foreach (var (header, value) in headers)
        {
            request.Headers[header] = value;
        }

        return request;
    }

    /// <summary>Signs the request by header and sends it.</summary>
    public Task<ConformanceReply> SendAsync(OssRequest request, byte[]? body = null) => SendContentAsync(request, body is null ? null : new ByteArrayContent(body));

    public Task<ConformanceReply> SendContentAsync(OssRequest request, HttpContent? body)
    {
        Signer.Sign(request, Now);
        return SendAsIsAsync(request, body);
    }

    /// <summary>Sends the request, signed or not, as it is.</summary>
    public Task<ConformanceReply> SendAsIsAsync(OssRequest request, HttpContent? body = null)
    {
        return SendAsync(request.Method, Endpoint.ObjectUrl(request.Bucket!, request.Key ?? "") + WireMessage.Query(request), request.Headers, body);
    }

    public async Task<ConformanceReply> SendAsync(string method, string url, IEnumerable<KeyValuePair<string, string>> headers, HttpContent? body = null)
    {
        using var message = WireMessage.Of(method, url, headers, body);
        return await ConformanceReply.ReadAsync(await _http.SendAsync(message));
    }

    /// <summary>Sends, and fails unless the status is the one expected.</summary>
    public async Task<ConformanceReply> SendAsync(int status, OssRequest request, byte[]? body = null)
    {
        var reply = await SendAsync(request, body);
        Assert.True(reply.Status == status, $"{reply.Status} instead of {status}: {reply.Text}");
        return reply;
    }

    /// <summary>Sends what OSS is to refuse; the EC counts only where it is given.</summary>
    public async Task<ConformanceReply> RefusedAsync(int status, string code, string? ec, OssRequest request, byte[]? body = null) =>
        Refused(status, code, ec, await SendAsync(request, body));

    public static ConformanceReply Refused(int status, string code, string? ec, ConformanceReply reply)
    {
        Assert.Equal((status, code, ec ?? reply.Error.Ec), (reply.Status, reply.Error.Code, reply.Error.Ec));
        return reply;
    }

    public Task<ConformanceReply> PutAsync(string name, byte[] content, params (string Name, string Value)[] headers) => SendAsync(200, Request("PUT", name, headers), content);

    public async Task<byte[]> GetAsync(string name) => (await SendAsync(200, Request("GET", name))).Body;

    public async Task AssertMissingAsync(string name) => await RefusedAsync(404, "NoSuchKey", null, Request("GET", name));

    /// <summary>What a listing of the bucket says, below the prefix of this run; the query is written as in a URL.</summary>
    public async Task<ConformanceReply> ListAsync(string query, string below = "") =>
        await SendAsync(200, new OssRequest("GET", Bucket, null) { Query = [.. OssEncoding.ParseQuery(query), new("prefix", Key(below))] });

    public async ValueTask DisposeAsync()
    {
        var uploads = ListMultipartUploadsResult.Parse((await ListAsync("uploads&encoding-type=url")).Text).Uploads;
        foreach (var upload in uploads)
        {
            await SendAsync(204, new OssRequest("DELETE", Bucket, upload.Key).With("uploadId", upload.UploadId));
        }

        foreach (var listed in ListObjectsV2Result.Parse((await ListAsync("list-type=2&max-keys=1000&encoding-type=url")).Text).Objects)
        {
            await SendAsync(204, new OssRequest("DELETE", Bucket, listed.Key));
        }

        Assert.Empty((await ListAsync("list-type=2")).Xml.Texts("Key"));
        _http.Dispose();
        await _target.DisposeAsync();
    }

    // Names below localhost are this machine's (RFC 6761), but not every resolver knows that.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await (context.DnsEndPoint.Host.EndsWith(LocalNames, StringComparison.Ordinal)
                ? socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken)
                : socket.ConnectAsync(context.DnsEndPoint, cancellationToken));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static string ETag(byte[] content) => $"\"{Convert.ToHexString(TestOss.Md5(content))}\"";

    public static string Md5(byte[] content) => Convert.ToBase64String(TestOss.Md5(content));

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
