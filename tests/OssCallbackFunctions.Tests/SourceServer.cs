using System.Net;
using System.Security.Cryptography;

namespace OssCallbackFunctions.Tests;

/// <summary>A web server that bulk uploads take files from; the path says how it behaves.</summary>
public sealed class SourceServer : IAsyncDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _serving;
    private int _versions;

    private SourceServer(HttpListener listener, int port)
    {
        _listener = listener;
        Authority = $"127.0.0.1:{port}";
        _serving = ServeAsync();
    }

    public static byte[] Content { get; } = RandomNumberGenerator.GetBytes(700_001);

    public string Authority { get; }

    public static Task<SourceServer> StartAsync()
    {
        var port = Sandbox.Ports.Free(1)[0];
        var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        return Task.FromResult(new SourceServer(listener, port));
    }

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
        switch (request.Url!.AbsolutePath)
        {
            case "/gone":
                response.StatusCode = 404;
                return;
            case "/elsewhere":
                response.StatusCode = 302;
                response.Headers["Location"] = "/ranges";
                return;
            case "/no-ranges":
                await response.OutputStream.WriteAsync(Content);
                return;
            case "/changing":
                response.Headers["ETag"] = $"\"{Interlocked.Increment(ref _versions)}\"";
                break;
            default:
                response.Headers["ETag"] = "\"one\"";
                break;
        }

        var range = request.Headers["Range"]!["bytes=".Length..].Split('-').Select(int.Parse).ToArray();
        var part = Content.AsMemory(range[0], Math.Min(range[1], Content.Length - 1) - range[0] + 1);
        response.StatusCode = 206;
        response.Headers["Content-Range"] = $"bytes {range[0]}-{range[0] + part.Length - 1}/{Content.Length}";
        response.ContentLength64 = part.Length;
        await response.OutputStream.WriteAsync(part);
    }
}
