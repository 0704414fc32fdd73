using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Oss.Protocol.Tests;

/// <summary>A request as it came over the wire.</summary>
internal sealed record Arrived(string Method, string Target, string Host, IReadOnlyDictionary<string, string> Headers, byte[] Body, SignatureVerification Signature);

/// <summary>An HTTP server on the loopback that checks each signature over the raw target and answers as a test wishes, attempt by attempt.</summary>
internal sealed class TestOss : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _http;
    private readonly List<Arrived> _arrived = [];

    private TestOss(WebApplication app)
    {
        _app = app;
        // Whatever name the URL has, it is this server's.
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _http = new HttpClient(_handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The time of client and server; the server's own may be set apart from it.</summary>
    public FakeTimeProvider Clock { get; } = new(Some.Time);

    public TimeSpan ServerAhead { get; set; }

    public Func<Arrived, HttpResponse, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What came in, in order.</summary>
    public IReadOnlyList<Arrived> Requests => _arrived;

    public string Authority { get; private set; } = "";

    public static async Task<TestOss> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var oss = new TestOss(app);
        app.Run(oss.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        oss.Authority = new Uri(app.Urls.Single()).Authority;
        return oss;
    }

    public OssClient Client(OssEndpoint? endpoint = null, OssRetry? retry = null, AccessKey? key = null) => new(
        _http, endpoint ?? OssEndpoint.Parse("http://" + Authority), new V4Signer(key ?? Some.Key, Some.Region), Clock, retry ?? new OssRetry { BaseDelay = TimeSpan.Zero });

    /// <summary>A client whose key changes, and that makes no second attempt by itself.</summary>
    public OssClient Client(ISignerSource signers) => new(_http, OssEndpoint.Parse("http://" + Authority), signers, Clock, OssRetry.None);

    public StsClient Sts(AccessKey? caller, OssRetry? retry = null) => new(_http, "http://" + Authority, caller, Clock, retry ?? new OssRetry { BaseDelay = TimeSpan.Zero });

    /// <summary>Answers the first requests one after the other with these, and all later ones with the last.</summary>
    public void AnswerWith(params Func<Arrived, HttpResponse, Task>[] answers) => Answer = (arrived, response) => answers[Math.Min(_arrived.Count, answers.Length) - 1](arrived, response);

    public static Func<Arrived, HttpResponse, Task> Ok(string body = "", params (string Name, string Value)[] headers) => Status(200, body, headers);

    public static Func<Arrived, HttpResponse, Task> Status(int status, string body = "", params (string Name, string Value)[] headers) => async (_, response) =>
    {
        response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            response.Headers[name] = value;
        }

        if (body.Length > 0)
        {
            await response.WriteAsync(body);
        }
    };

    public static Func<Arrived, HttpResponse, Task> Refuse(OssErrorCode code) =>
        Status(code.HttpStatus, new OssError(code, "Refused.").ToXml("5C3D8D2A0ACA54D87B43C048", "host"), ("x-oss-request-id", "5C3D8D2A0ACA54D87B43C048"));

    /// <summary>Says what OSS says of a body it stored.</summary>
    public static Task Store(Arrived arrived, HttpResponse response) =>
        Ok("", ("ETag", "\"E\""), ("x-oss-hash-crc64ecma", Crc64.ToText(Crc64.Compute(arrived.Body))))(arrived, response);

    public static Task Break(Arrived arrived, HttpResponse response)
    {
        response.HttpContext.Abort();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _handler.Dispose();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client gave up in the middle.
        }

        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var arrived = new Arrived(context.Request.Method, target, context.Request.Host.Value!, headers, body.ToArray(), Verify(context.Request, target, headers));
        lock (_arrived)
        {
            _arrived.Add(arrived);
        }

        context.Response.Headers.Date = (Clock.GetUtcNow() + ServerAhead).ToString("R");
        await Answer(arrived, context.Response);
    }

    private SignatureVerification Verify(HttpRequest request, string target, Dictionary<string, string> headers)
    {
        var parts = target.Split('?', 2);
        var path = parts[0][1..];
        // <bucket>.name:port, or <bucket>/ at an address.
        var host = request.Host.Host;
        var bucket = host == "127.0.0.1" ? path.Split('/', 2)[0] : host.Split('.')[0];
        var key = host == "127.0.0.1" ? path.Split('/', 2).ElementAtOrDefault(1) : path;
        return new V4Verifier(Some.Region, id => id == Some.Key.Id ? Some.Key : id == Some.TemporaryKey.Id ? Some.TemporaryKey : null, new FakeTimeProvider(Clock.GetUtcNow() + ServerAhead))
            .Verify(request.Method, bucket, string.IsNullOrEmpty(key) ? null : OssEncoding.Decode(key), parts.ElementAtOrDefault(1) ?? "", headers);
    }
}
