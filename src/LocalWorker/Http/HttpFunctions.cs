using LocalWorker.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace LocalWorker.Http;

/// <summary>From request to reply: route, key, body, function. What a caller gets told of a failure is its status, nothing else.</summary>
internal sealed partial class HttpFunctions(HttpRouteTable routes, FunctionKeys keys, FunctionPipeline pipeline, ILogger<HttpFunctions> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (routes.Match(http) is not var (route, values))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (!keys.Open(route.Level, http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else
        {
            await InvokeAsync(route.Function, values, http);
        }
    }

    private async Task InvokeAsync(Function function, RouteValueDictionary values, HttpContext http)
    {
        try
        {
            var trigger = await HttpTriggerData.ReadAsync(http.Request, values, http.RequestAborted);
            var result = await pipeline.InvokeAsync(function, trigger, http.RequestAborted);
            await HttpReply.WriteAsync(http, result);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            LogAborted(function.Name);
        }
        catch (BadHttpRequestException e)
        {
            Fail(http, e.StatusCode);
        }
        catch (Exception e)
        {
            LogFailed(e, function.Name);
            Fail(http, StatusCodes.Status500InternalServerError);
        }
    }

    private static void Fail(HttpContext http, int status)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Function}: the client went away.")]
    private partial void LogAborted(string function);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed.")]
    private partial void LogFailed(Exception exception, string function);
}
