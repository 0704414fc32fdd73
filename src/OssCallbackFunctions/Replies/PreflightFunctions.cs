using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace OssCallbackFunctions.Replies;

/// <summary>Preflights of browsers, for all routes: they come without a key.</summary>
public sealed class PreflightFunctions(Cors cors)
{
    /// <summary>Says what a page may ask for; a page of another origin gets no word of it.</summary>
    [Function("Preflight")]
    public HttpResponseData Preflight([HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "{*path}")] HttpRequestData request)
    {
        var response = request.CreateResponse(HttpStatusCode.NoContent);
        cors.AllowPreflight(request, response);
        return response;
    }
}
