using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace OssCallbackFunctions.Tests;

/// <summary>A request to storage, as it was sent.</summary>
internal sealed record StorageRequest(string Method, string Target, string Body);

/// <summary>Stands before a service of Azurite's, hands requests on, and answers those that a test picks out itself, or not at all.</summary>
internal sealed class StorageProxy : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _http = new();
    private readonly Uri _service;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StorageProxy(Uri service)
    {
        _service = service;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.Run(ServeAsync);
    }

    /// <summary>The requests so far.</summary>
    public ConcurrentQueue<StorageRequest> Requests { get; } = new();

    /// <summary>Requests that are not answered before <see cref="Release"/>.</summary>
    public Func<StorageRequest, bool> Holds { get; set; } = _ => false;

    /// <summary>Status that a request is answered with instead; null: it is handed on.</summary>
    public Func<StorageRequest, int?> Fails { get; set; } = _ => null;

    public static async Task<StorageProxy> StartAsync(Uri service)
    {
        var proxy = new StorageProxy(service);
        await proxy._server.StartAsync();
        return proxy;
    }

    /// <summary>A connection string with this in the place of the service.</summary>
    public string Instead(string connectionString) => connectionString.Replace(_service.GetLeftPart(UriPartial.Authority), _server.Urls.Single(), StringComparison.Ordinal);

    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var request = new StorageRequest(http.Request.Method, target, Encoding.UTF8.GetString(body.ToArray()));
        Requests.Enqueue(request);
        if (Holds(request))
        {
            await _released.Task.WaitAsync(http.RequestAborted);
        }

        if (Fails(request) is { } status)
        {
            http.Response.StatusCode = status;
            return;
        }

        using var onward = new HttpRequestMessage(new HttpMethod(request.Method), RunningApp.Raw(_service.GetLeftPart(UriPartial.Authority) + target)) { Content = new ByteArrayContent(body.ToArray()) };
        foreach (var (name, values) in http.Request.Headers.Where(header => header.Key is not ("Host" or "Connection" or "Transfer-Encoding")))
        {
            if (!onward.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                onward.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        using var reply = await _http.SendAsync(onward, http.RequestAborted);
        http.Response.StatusCode = (int)reply.StatusCode;
        foreach (var (name, values) in reply.Headers.Concat(reply.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
        {
            http.Response.Headers[name] = values.ToArray();
        }

        await reply.Content.CopyToAsync(http.Response.Body);
    }
}
