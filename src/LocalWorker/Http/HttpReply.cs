using System.Text.Json;
using LocalWorker.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LocalWorker.Http;

/// <summary>Sends what a function returned: a reply, a text, or an object as JSON.</summary>
internal static class HttpReply
{
    public static async Task WriteAsync(HttpContext http, object? result)
    {
        switch (result)
        {
            case null:
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                await http.Response.StartAsync(http.RequestAborted);
                break;
            case HttpResponseData response:
                await WriteAsync(http, response);
                break;
            case string text:
                await WriteAsync(http, System.Text.Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");
                break;
            default:
                var options = http.RequestServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
                await WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(result, options), WorkerJson.ContentType);
                break;
        }
    }

    private static async Task WriteAsync(HttpContext http, HttpResponseData response)
    {
        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            if (!name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                http.Response.Headers[name] = values.Count == 1 ? values.ToString() : string.Join(',', values);
            }
        }

        foreach (var cookie in (response as LocalHttpResponseData)?.AppendedCookies ?? [])
        {
            http.Response.Cookies.Append(cookie.Name, cookie.Value);
        }

        if (response.Body.CanSeek)
        {
            response.Body.Position = 0;
        }

        await SendAsync(http, response.Body);
    }

    private static Task WriteAsync(HttpContext http, byte[] body, string contentType)
    {
        http.Response.ContentType = contentType;
        return SendAsync(http, new MemoryStream(body));
    }

    /// <summary>
    /// Unless the function itself set Content-Length, the head goes before the body, so that Kestrel cannot know how long the body is and the reply is chunked, as the host's is.
    /// </summary>
    private static async Task SendAsync(HttpContext http, Stream body)
    {
        if (http.Response.ContentLength is null)
        {
            await http.Response.StartAsync(http.RequestAborted);
        }

        if (http.Response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified))
        {
            await body.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
    }
}
