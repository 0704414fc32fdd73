using System.Diagnostics;
using LocalWorker.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;

namespace LocalWorker.Http;

/// <summary>A request whose route is known and whose body has been read as a whole: the host does not call a function before it has all of it.</summary>
internal sealed class HttpTriggerData(HttpRequest request, RouteValueDictionary values, Stream body) : ITriggerData
{
    // A Content-Length is a promise, no proof: no more memory than this is taken before the bytes are here.
    private const int LargestFirstBuffer = 1024 * 1024;

    public IReadOnlyDictionary<string, object?> BindingData => values;

    public ActivityKind Kind => ActivityKind.Server;

    public string? TraceParent => request.Headers.TraceParent is [var only] ? only : null;

    public static async Task<HttpTriggerData> ReadAsync(HttpRequest request, RouteValueDictionary values, CancellationToken cancellationToken)
    {
        var body = new MemoryStream((int)Math.Clamp(request.ContentLength ?? 0, 0, LargestFirstBuffer));
        await request.Body.CopyToAsync(body, cancellationToken);
        body.Position = 0;
        return new(request, values, body);
    }

    public object Read(Type type, FunctionContext context) => new LocalHttpRequestData(request, body, context);
}
