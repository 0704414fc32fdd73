using Microsoft.AspNetCore.Http;
using Oss.Emulator.Faults;
using Oss.Emulator.Http;

namespace Oss.Emulator.Pages;

/// <summary>What the emulator serves that OSS does not, below <c>/_emulator/</c>: no bucket can be called like this. On the host of a bucket the same path is a key like any other.</summary>
internal sealed class EmulatorPages(Addressing addressing, CallbackKeyPage key, FaultPage faults, StatusPage status)
{
    public const string Root = "/_emulator";

    public bool Serves(HttpContext http) => http.Request.Path.StartsWithSegments(Root, StringComparison.Ordinal) && !addressing.NamesBucket(http.Request.Host.Host);

    public Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path;
        var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        return path.StartsWithSegments(FaultPage.Path, StringComparison.Ordinal) ? faults.WriteAsync(http)
            : path == CallbackKeyPage.Path ? ReadOnlyAsync(http, reads, key.WriteAsync)
            : path == Root || path == Root + "/" ? ReadOnlyAsync(http, reads, status.WriteAsync)
            : RefuseAsync(http, StatusCodes.Status404NotFound);
    }

    /// <summary>Writes a page; of a HEAD request only its headers.</summary>
    public static async Task WriteAsync(HttpContext http, string contentType, byte[] content)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = content.Length;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(content, http.RequestAborted);
        }
    }

    private static Task ReadOnlyAsync(HttpContext http, bool reads, Func<HttpContext, Task> write)
    {
        if (reads)
        {
            return write(http);
        }

        http.Response.Headers.Allow = "GET, HEAD";
        return RefuseAsync(http, StatusCodes.Status405MethodNotAllowed);
    }

    private static Task RefuseAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return WriteAsync(http, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes($"The emulator's pages are {Root}/, {FaultPage.Path} and {CallbackKeyPage.Path}.\n"));
    }
}
