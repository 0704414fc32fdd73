using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;

namespace Benchmarks.Bulk;

/// <summary>Serves a folder by https, with ranges and ETags, and a certificate of its own that the app is told to trust (<c>SSL_CERT_FILE</c>).</summary>
internal sealed class SourceSite : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _client;

    private SourceSite(WebApplication server, X509Certificate2 certificate)
    {
        _server = server;
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Uri Address => new(_server.Urls.First());

    public static async Task<SourceSite> StartAsync(string folder, string certificateFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=benchmarks", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)));
        var server = builder.Build();
        server.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), ServeUnknownFileTypes = true });
        await server.StartAsync();
        return new SourceSite(server, certificate);
    }

    /// <summary>Reads a range of a file, as any client would.</summary>
    public async ValueTask<Stream> OpenAsync(string name, long offset, long length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, name)) { Headers = { Range = new RangeHeaderValue(offset, offset + length - 1) } };
        var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStreamAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }
}
