using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;

namespace OssCallbackFunctions.Tests;

/// <summary>A web server that bulk uploads take files from; the path says how it behaves.</summary>
public sealed class SourceServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;
    private readonly ConcurrentDictionary<string, bool> _answered = new();
    private int _versions;

    private SourceServer(HttpListener listener, int port)
    {
        _listener = listener;
        Authority = $"127.0.0.1:{port}";
        _serving = ServeAsync();
    }

    public static byte[] Content { get; } = RandomNumberGenerator.GetBytes(700_001);

    /// <summary>Content of the small file that is served late.</summary>
    public static byte[] Small { get; } = RandomNumberGenerator.GetBytes(1000);

    public string Authority { get; }

    public static Task<SourceServer> StartAsync()
    {
        var port = Sandbox.Ports.Free(1)[0];
        var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        return Task.FromResult(new SourceServer(listener, port));
    }

    /// <summary>Lets "late?id" answer from now on.</summary>
    public void Answer(string id) => _answered[id] = true;

    public string Url(string name) => $"http://{Authority}/{name}";

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                await AnswerAsync(context);
            }
            catch (HttpListenerException)
            {
                // The client went away.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        using var _ = response;
        var content = Content;
        switch (request.Url!.AbsolutePath)
        {
            case "/gone":
                response.StatusCode = 404;
                return;
            case "/elsewhere":
                response.StatusCode = 302;
                response.Headers["Location"] = "http://127.0.0.2/ranges";
                return;
            case "/moved":
                response.StatusCode = 307;
                response.Headers["Location"] = "/ranges";
                return;
            case "/no-ranges":
                await response.OutputStream.WriteAsync(Content);
                return;
            case "/changing":
                response.Headers["ETag"] = $"\"{Interlocked.Increment(ref _versions)}\"";
                break;
            case "/unversioned":
                break;
            case "/unavailable":
                response.StatusCode = 503;
                return;
            case "/late" when !_answered.ContainsKey(request.Url.Query[1..]):
                response.StatusCode = 503;
                return;
            case "/late":
                response.Headers["ETag"] = "\"late\"";
                content = Small;
                break;
            default:
                response.Headers["ETag"] = "\"one\"";
                break;
        }

        var range = request.Headers["Range"]!["bytes=".Length..].Split('-').Select(int.Parse).ToArray();
        var part = content.AsMemory(range[0], Math.Min(range[1], content.Length - 1) - range[0] + 1);
        response.StatusCode = 206;
        response.Headers["Content-Range"] = $"bytes {range[0]}-{range[0] + part.Length - 1}/{content.Length}";
        response.ContentLength64 = part.Length;
        await response.OutputStream.WriteAsync(part);
    }
}
