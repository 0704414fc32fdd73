using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Oss.Emulator.Faults;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Faults;

public sealed class BrokenConnectionTests : IDisposable
{
    private const string Bucket = TestOss.BucketName;
    private static readonly byte[] Content = TestOss.Bytes(100_000);
    private readonly string _folder = Directory.CreateTempSubdirectory("oss-emulator-broken-").FullName;

    public static TheoryData<FaultEffect> Breaking { get; } =
    [
        new LoseReplyEffect(), new ResetReplyEffect(), new ResetReplyEffect { InHeaders = true }, new ResetReplyEffect { AfterBytes = 5000, IsClosed = true }, new ResetRequestEffect(),
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static HttpClient Trusting(string pem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(pem));
        return new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } });
    }

    [Theory]
    [MemberData(nameof(Breaking), DisableDiscoveryEnumeration = true)]
    public async Task Breaks_under_https_as_under_http_and_is_no_failure_of_the_emulator(FaultEffect effect)
    {
        var log = new Collector();
        await using var emulator = await OssEmulator.StartAsync(new OssEmulatorOptions
        {
            DataFolder = _folder,
            AccessKeys = [TestOss.Key],
            HttpsPort = 0,
            Logging = logging => logging.AddProvider(log),
        });
        using var http = Trusting(emulator.HttpsCertificatePem!);
        var signer = new V4Signer(TestOss.Key, "cn-hangzhou");
        foreach (var endpoint in (string[])[emulator.Endpoint, emulator.HttpsEndpoint!])
        {
            var client = new OssClient(http, OssEndpoint.Parse(endpoint), signer, TimeProvider.System, OssRetry.None);
            await client.PutObjectAsync(Bucket, "k", UploadBody.From(Content));
            emulator.Faults.Add(new Fault { Effect = effect });

            var failure = await Assert.ThrowsAnyAsync<Exception>(() =>
                effect is ResetRequestEffect ? client.PutObjectAsync(Bucket, "other", UploadBody.From(Content)) : TestOss.DownloadAsync(client, "k"));

            Assert.True(failure is HttpRequestException or IOException, failure.ToString());
            Assert.Equal([effect.Kind], emulator.Requests[^1].Faults);
            emulator.Faults.Clear();
            Assert.Equal(Content, await TestOss.DownloadAsync(client, "k"));
        }

        Assert.True(log.Troubles.IsEmpty, string.Join("\n", log.Troubles));
    }

    private sealed class Collector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Troubles { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Troubles.Enqueue(formatter(state, exception) + exception);
            }
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
