using System.Collections.Specialized;
using System.Security.Claims;
using Microsoft.Azure.Functions.Worker.Http;

namespace OssCallbackFunctions.Idempotency;

/// <summary>A request whose body was read, and is there to be read again.</summary>
internal sealed class ReadRequest(HttpRequestData request, byte[] body, string operation) : HttpRequestData(request.FunctionContext)
{
    /// <summary>Id of what is done for it, 32 hex digits: the same when the request comes again.</summary>
    public string Operation => operation;

    public override Stream Body { get; } = new MemoryStream(body, writable: false);

    public override HttpHeadersCollection Headers => request.Headers;

    public override IReadOnlyCollection<IHttpCookie> Cookies => request.Cookies;

    public override Uri Url => request.Url;

    public override IEnumerable<ClaimsIdentity> Identities => request.Identities;

    public override string Method => request.Method;

    public override NameValueCollection Query => request.Query;

    public override HttpResponseData CreateResponse() => request.CreateResponse();
}
