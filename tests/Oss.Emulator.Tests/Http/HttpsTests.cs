using System.Net;
using System.Security.Cryptography.X509Certificates;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Http;

public sealed class HttpsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oss-emulator-https-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<OssEmulator> StartAsync(params string[] customDomains) => OssEmulator.StartAsync(new OssEmulatorOptions
    {
        DataFolder = _folder,
        AccessKeys = [TestOss.Key],
        HttpsPort = 0,
        CustomDomains = customDomains.ToDictionary(domain => domain, _ => TestOss.BucketName),
    });

    private static HttpClient Trusting(string pem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(pem));
        return new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy }, ConnectCallback = ToLoopbackAsync });
    }

    // Whatever the name, the emulator is on this machine.
    private static async ValueTask<Stream> ToLoopbackAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
        return client.GetStream();
    }

    [Theory]
    [InlineData("127.0.0.1", OssAddressing.Path)]
    [InlineData("oss-cn-hangzhou.localhost", OssAddressing.VirtualHost)]
    [InlineData("files.example.test", OssAddressing.CustomDomain)]
    public async Task Serves_who_trusts_its_certificate(string host, OssAddressing addressing)
    {
        await using var emulator = await StartAsync("files.example.test");
        using var http = Trusting(emulator.HttpsCertificatePem!);
        var port = new Uri(emulator.HttpsEndpoint!).Port;
        var endpoint = OssEndpoint.Parse($"https://{host}:{port}", addressing == OssAddressing.CustomDomain);
        var client = new OssClient(http, endpoint, new V4Signer(TestOss.Key, "cn-hangzhou"), TimeProvider.System, OssRetry.None);

        await client.PutObjectAsync(TestOss.BucketName, "a/../b", UploadBody.From(TestOss.Bytes(1000)));

        Assert.Equal(addressing, endpoint.Addressing);
        Assert.Equal(TestOss.Bytes(1000), await TestOss.DownloadAsync(client, "a/../b"));
    }

    [Fact]
    public async Task Who_does_not_trust_it_gets_no_connection()
    {
        await using var emulator = await StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(emulator.HttpsEndpoint));

        Assert.Equal(HttpRequestError.SecureConnectionError, refused.HttpRequestError);
    }

    [Fact]
    public async Task The_certificate_stays_until_it_has_to_name_other_hosts()
    {
        string? first, second, third;
        await using (var emulator = await StartAsync())
        {
            first = emulator.HttpsCertificatePem;
        }

        await using (var emulator = await StartAsync())
        {
            second = emulator.HttpsCertificatePem;
        }

        await using (var emulator = await StartAsync("files.example.test"))
        {
            third = emulator.HttpsCertificatePem;
        }

        Assert.Equal(first, second);
        Assert.NotEqual(second, third);
    }

    [Fact]
    public async Task There_is_no_https_unless_it_is_asked_for()
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Null(oss.Emulator.HttpsEndpoint);
        Assert.Null(oss.Emulator.HttpsCertificatePem);
    }
}
