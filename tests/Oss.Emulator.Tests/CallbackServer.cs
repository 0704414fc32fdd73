using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Oss.Protocol;

namespace Oss.Emulator.Tests;

/// <summary>A server that is called back: it keeps each call as it came, and answers as it is told.</summary>
internal sealed class CallbackServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<CallbackCall> _calls = new();

    private CallbackServer(RequestDelegate answer, Func<string?, X509Certificate2?>? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(https => https.ServerCertificateSelector = (_, name) => certificate(name));
            }
        }));
        _server = builder.Build();
        _server.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _calls.Enqueue(new CallbackCall(
                http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()));
            await answer(http);
        });
    }

    public string Url => _server.Urls.Single();

    public IReadOnlyList<CallbackCall> Calls => [.. _calls];

    public static Task<CallbackServer> StartAsync(string reply = """{"Status":"OK"}""") => StartAsync(http => WriteAsync(http, 200, reply));

    /// <param name="answer">What to answer.</param>
    /// <param name="certificate">Makes it an https server: from the name that the caller sends, the certificate, or null to end the handshake.</param>
    public static async Task<CallbackServer> StartAsync(RequestDelegate answer, Func<string?, X509Certificate2?>? certificate = null)
    {
        var server = new CallbackServer(answer, certificate);
        await server._server.StartAsync();
        return server;
    }

    public static async Task WriteAsync(HttpContext http, int status, string reply, string contentType = "application/json")
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(reply);
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

internal sealed record CallbackCall(string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public bool IsSignedBy(string publicKeyPem)
    {
        using var key = CallbackPublicKey.Parse(publicKeyPem);
        return key.Verify(Target, Body, Headers.GetValueOrDefault("Authorization"));
    }
}
