using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace LocalWorker.Http;

internal sealed class LocalHttpResponseData(FunctionContext context) : HttpResponseData(context)
{
    private readonly LocalHttpCookies _cookies = new();

    public override HttpStatusCode StatusCode { get; set; }

    public override HttpHeadersCollection Headers { get; set; } = new();

    public override Stream Body { get; set; } = new MemoryStream();

    public override HttpCookies Cookies => _cookies;

    public IEnumerable<HttpCookie> AppendedCookies => _cookies.Appended;

    private sealed class LocalHttpCookies : HttpCookies
    {
        public List<HttpCookie> Appended { get; } = [];

        public override void Append(string name, string value) => Appended.Add(new(name, value));

        public override void Append(IHttpCookie cookie) => Appended.Add((HttpCookie)cookie);

        public override IHttpCookie CreateNew() => new HttpCookie("", "");
    }
}
