using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace LocalWorker.Http;

internal sealed class LocalHttpRequestData(HttpRequest request, Stream body, FunctionContext context) : HttpRequestData(context)
{
    // Made when they are asked for: most functions ask for few of them.
    private HttpHeadersCollection? _headers;
    private IReadOnlyCollection<IHttpCookie>? _cookies;
    private Uri? _url;

    public override Stream Body => body;

    public override HttpHeadersCollection Headers => _headers ??= CopyHeaders();

    public override IReadOnlyCollection<IHttpCookie> Cookies => _cookies ??= [.. request.Cookies.Select(cookie => new HttpCookie(cookie.Key, cookie.Value))];

    /// <summary>
    /// Made of the same parts as the host's: the path as the server has normalised it and the query to the letter, a bare '?' included. What System.Uri
    /// then makes of escapes such as %7E in Query and PathAndQuery is as in Azure too; OriginalString has them untouched.
    /// </summary>
    public override Uri Url => _url ??= new(request.GetEncodedUrl());

    public override IEnumerable<ClaimsIdentity> Identities => [];

    public override string Method => request.Method;

    public override HttpResponseData CreateResponse() => new LocalHttpResponseData(FunctionContext) { StatusCode = HttpStatusCode.OK };

    private HttpHeadersCollection CopyHeaders()
    {
        var headers = new HttpHeadersCollection();
        foreach (var (name, values) in request.Headers)
        {
            headers.TryAddWithoutValidation(name, values.ToString());
        }

        return headers;
    }
}
