using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Oss.Protocol;

namespace Oss.Emulator.Tests;

/// <summary>A fresh emulator in a folder of its own, a client for it, and requests signed by hand for what the client would never send.</summary>
internal sealed class TestOss : IAsyncDisposable
{
    public const string BucketName = "examplebucket";
    public static readonly AccessKey Key = new("LTAIemulatorTests0001", "EmulatorTestsSecret0000000001");
    public static readonly AccessKey TemporaryKey = new("STS.emulatorTests0002", "EmulatorTestsSecret0000000002", "token-of-the-emulator-tests");

    private readonly bool _ownsFolder;

    private TestOss(OssEmulator emulator, string folder, bool ownsFolder, FakeTimeProvider clock)
    {
        Emulator = emulator;
        Folder = folder;
        _ownsFolder = ownsFolder;
        Clock = clock;
        Endpoint = OssEndpoint.Parse(emulator.Endpoint);
        Client = ClientOf(Key);
    }

    public OssEmulator Emulator { get; }

    public string Folder { get; }

    public FakeTimeProvider Clock { get; }

    public OssEndpoint Endpoint { get; }

    public OssClient Client { get; }

    public V4Signer Signer { get; } = new(Key, "cn-hangzhou");

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };

    public static async Task<TestOss> StartAsync(
        string? folder = null, string? endpointName = null, TimeSpan? callbackTimeout = null, X509Certificate2? trusted = null, string? policy = null, TimeProvider? pace = null, long faultSeed = 0)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var path = folder ?? Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        var emulator = await OssEmulator.StartAsync(new OssEmulatorOptions
        {
            DataFolder = path,
            AccessKeys = [Key, TemporaryKey],
            AccessKeyPolicies = policy is null ? new Dictionary<string, string>() : new() { [Key.Id] = policy },
            Buckets = [BucketName, "other-bucket"],
            Clock = clock,
            EndpointName = endpointName,
            CallbackTrustedCertificates = trusted is null ? [] : [trusted],
            CallbackTimeout = callbackTimeout ?? OssLimits.CallbackTimeout,
            PaceClock = pace ?? TimeProvider.System,
            FaultSeed = faultSeed,
        });
        return new TestOss(emulator, path, folder is null, clock);
    }

    public OssClient ClientOf(AccessKey key) => new(Http, Endpoint, new V4Signer(key, "cn-hangzhou"), Clock, OssRetry.None);

    /// <summary>Signs the request by header and sends it.</summary>
    public Task<HttpResponseMessage> SendAsync(OssRequest request, HttpContent? body = null)
    {
        Signer.Sign(request, Clock.GetUtcNow());
        return SendAsIsAsync(request, body);
    }

    /// <summary>Sends the request as it is.</summary>
    public Task<HttpResponseMessage> SendAsIsAsync(OssRequest request, HttpContent? body = null)
    {
        var url = (request.Bucket is null ? Emulator.Endpoint + "/" : Endpoint.ObjectUrl(request.Bucket, request.Key ?? "")) + WireMessage.Query(request);
        return SendAsync(request.Method, url, request.Headers, body);
    }

    public Task<HttpResponseMessage> SendAsync(string method, string url, IEnumerable<KeyValuePair<string, string>> headers, HttpContent? body = null) =>
        Http.SendAsync(WireMessage.Of(method, url, headers, body), HttpCompletionOption.ResponseHeadersRead);

    /// <summary>A connection on which anything can be said.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", new Uri(Emulator.Endpoint).Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>The head of a signed request, to be sent on a raw connection.</summary>
    public byte[] RawHead(OssRequest request, string target, params string[] furtherHeaders)
    {
        Signer.Sign(request, Clock.GetUtcNow());
        var lines = new List<string> { $"{request.Method} {target} HTTP/1.1", $"Host: {new Uri(Emulator.Endpoint).Authority}" };
        lines.AddRange(request.Headers.Select(header => $"{header.Key}: {header.Value}"));
        lines.AddRange(furtherHeaders);
        return Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n");
    }

    public string[] SegmentFiles() => Directory.GetFiles(Path.Combine(Folder, "buckets", BucketName, "segments"));

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        Http.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    public static async Task<OssError> ErrorAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return OssError.Parse(await response.Content.ReadAsStringAsync(), (int)response.StatusCode, null);
        }
    }

    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(',', values) : null;

#pragma warning disable CA5351 // The algorithm is OSS's choice.
    public static byte[] Md5(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    public static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static async Task<byte[]> DownloadAsync(OssClient client, string key, (long, long)? range = null)
    {
        using var download = await client.GetObjectAsync(BucketName, key, range);
        using var content = new MemoryStream();
        await download.Content.CopyToAsync(content);
        return content.ToArray();
    }
}
