using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class CallbackTlsTests
{
    private const string CannotConnect = "Error status : -1.OSS can not connect to your callbackUrl, please check it.";

    private static X509Certificate2 Certificate(string name, X509Certificate2? issuer = null, bool isAuthority = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        // The certificate has to be good now, not at the emulator's time.
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = issuer is null
            ? request.CreateSelfSigned(now.AddHours(-2), now.AddHours(2))
            : request.Create(issuer, now.AddHours(-1), now.AddHours(1), [1, 2, 3]).CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    private static async Task<(string? Failure, string?[] Names)> CallAsync(
        X509Certificate2 certificate, X509Certificate2? trusted, bool sni, bool serverNeedsName = false, string host = "localhost")
    {
        var names = new ConcurrentQueue<string?>();
        await using var server = await CallbackServer.StartAsync(http => CallbackServer.WriteAsync(http, 200, "{}"), name =>
        {
            names.Enqueue(string.IsNullOrEmpty(name) ? null : name);
            return serverNeedsName && string.IsNullOrEmpty(name) ? null : certificate;
        });
        await using var oss = await TestOss.StartAsync(trusted: trusted);
        var callback = new CallbackParameter { Urls = [$"https://{host}:{new Uri(server.Url).Port}/p"], Body = "b", Sni = sni };

        var stored = await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[] { 1 }), callback: callback);

        Assert.Equal(stored.CallbackError is null ? 1 : 0, server.Calls.Count);
        Assert.Equal(stored.CallbackError is null ? null : "0007-00000203", stored.CallbackError?.Ec);
        return (stored.CallbackError?.Message, [.. names]);
    }

    [Fact]
    public async Task Names_the_server_when_callbackSNI_says_so_and_only_then()
    {
        using var certificate = Certificate("localhost");

        var with = await CallAsync(certificate, certificate, sni: true);
        var without = await CallAsync(certificate, certificate, sni: false);

        Assert.Null(with.Failure);
        Assert.Equal(["localhost"], with.Names);
        Assert.Null(without.Failure);
        Assert.Equal([null], without.Names);
    }

    [Fact]
    public async Task A_server_that_needs_its_name_is_a_failed_callback_without_it()
    {
        using var certificate = Certificate("localhost");

        Assert.Equal(CannotConnect, (await CallAsync(certificate, certificate, sni: false, serverNeedsName: true)).Failure);
        Assert.Null((await CallAsync(certificate, certificate, sni: true, serverNeedsName: true)).Failure);
    }

    [Fact]
    public async Task Trusts_the_given_certificate_and_what_it_issued()
    {
        using var authority = Certificate("Test authority", isAuthority: true);
        using var issued = Certificate("localhost", authority);

        Assert.Null((await CallAsync(issued, authority, sni: true)).Failure);
        Assert.Null((await CallAsync(issued, authority, sni: false)).Failure);
    }

    [Fact]
    public async Task Trusts_no_other_server()
    {
        using var certificate = Certificate("localhost");
        using var other = Certificate("localhost");
        using var otherName = Certificate("example.com");

        Assert.Equal(CannotConnect, (await CallAsync(certificate, null, sni: true)).Failure);
        Assert.Equal(CannotConnect, (await CallAsync(certificate, other, sni: true)).Failure);
        Assert.Equal(CannotConnect, (await CallAsync(otherName, otherName, sni: true)).Failure);
        Assert.Equal(CannotConnect, (await CallAsync(otherName, otherName, sni: false)).Failure);
        Assert.Equal(CannotConnect, (await CallAsync(certificate, certificate, sni: true, host: "127.0.0.1")).Failure);
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_a_failed_callback()
    {
        await using var server = await CallbackServer.StartAsync();
        await using var oss = await TestOss.StartAsync();
        var callback = new CallbackParameter { Urls = [server.Url.Replace("http:", "https:", StringComparison.Ordinal)], Body = "b", Sni = true };

        var stored = await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[] { 1 }), callback: callback);

        Assert.Equal(CannotConnect, stored.CallbackError?.Message);
        Assert.Empty(server.Calls);
    }
}
