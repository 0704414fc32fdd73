using System.Net;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace LocalWorker.Tests.Http;

public sealed class HttpRequestTests
{
    [Theory]
    [InlineData("/api/ShowUrl?x=%2F&y=a+b&q=1?2&empty=&noval", "/api/ShowUrl?x=%2F&y=a+b&q=1?2&empty=&noval")]
    [InlineData("/api/ShowUrl?", "/api/ShowUrl?")]
    [InlineData("/api/ShowUrl", "/api/ShowUrl")]
    [InlineData("/api/ShowUrl?t=%7Ea%41&n=%e4%b8%ad", "/api/ShowUrl?t=%7Ea%41&n=%e4%b8%ad")]
    [InlineData("/api/ShowUrl/a/../b%7Ec/%2F/d+e/%E4%B8%AD/f%20g", "/api/ShowUrl/b~c/%2F/d+e/%E4%B8%AD/f%20g")]
    public async Task Has_the_query_to_the_letter_and_the_path_normalised(string target, string expected)
    {
        await using var host = await WorkerHost.StartAsync(["ShowUrl"]);
        await RawHttp.SendAsync(host.Address, $"GET {target} HTTP/1.1");
        Assert.Equal($"{host.Address.GetLeftPart(UriPartial.Authority)}{expected}", ((Uri)(await host.Seen.NextAsync())!).OriginalString);
    }

    [Theory]
    [InlineData("/api/ShowUrl?x=%2F&y=a+b&q=1?2&empty=&noval", "?x=%2F&y=a+b&q=1?2&empty=&noval")]
    [InlineData("/api/ShowUrl?", "?")]
    public async Task Has_the_query_in_its_url_as_it_was_sent(string target, string expected)
    {
        await using var host = await WorkerHost.StartAsync(["ShowUrl"]);
        await RawHttp.SendAsync(host.Address, $"GET {target} HTTP/1.1");
        Assert.Equal(expected, ((Uri)(await host.Seen.NextAsync())!).Query);
    }

    [Theory]
    [InlineData("application/json", "{ \"a\" :\t\"\\u00e9\" }\r\n")]
    [InlineData("application/x-www-form-urlencoded", "a=1&b=%2F+%7E&a=2")]
    [InlineData("application/octet-stream", "\u0000\u00ff\u00fe\u00c3\u0028\u0080")]
    [InlineData(null, "\u00ef\u00bb\u00bfx")]
    public async Task Has_the_bytes_of_the_body_as_they_were_sent(string? contentType, string latin1)
    {
        await using var host = await WorkerHost.StartAsync(["ShowBody"]);
        var body = Encoding.Latin1.GetBytes(latin1);
        await RawHttp.SendAsync(host.Address, "POST /api/ShowBody HTTP/1.1", contentType is null ? "" : $"Content-Type: {contentType}\r\n", body);
        Assert.Equal(body, await host.Seen.NextAsync());
    }

    [Fact]
    public async Task Has_all_of_a_body_of_3_MB()
    {
        await using var host = await WorkerHost.StartAsync(["ShowBody"]);
        var body = new byte[3 * 1024 * 1024];
        Random.Shared.NextBytes(body);
        using var content = new ByteArrayContent(body);
        await host.Client.PostAsync(new Uri("/api/ShowBody", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(body, await host.Seen.NextAsync());
    }

    [Fact]
    public async Task Is_refused_when_its_body_is_larger_than_100_MiB()
    {
        await using var host = await WorkerHost.StartAsync(["ShowBody"]);
        var (head, _) = await RawHttp.SendAsync(host.Address, "POST /api/ShowBody HTTP/1.1", "Content-Length: 104857601\r\nExpect: 100-continue\r\n");
        Assert.StartsWith("HTTP/1.1 413 ", head, StringComparison.Ordinal);
        Assert.True(host.Seen.IsEmpty);
    }

    [Fact]
    public async Task Has_every_header_that_was_sent()
    {
        await using var host = await WorkerHost.StartAsync(["ShowHeaders"]);
        await RawHttp.SendAsync(
            host.Address, "GET /api/ShowHeaders HTTP/1.1", "authorization: c2lnbmF0dXJl+/==\r\nx-oss-pub-key-url: aHR0cDovLw==\r\nX-Twice: a\r\nX-Twice: b\r\nCookie: id=42; x=y\r\n");
        var headers = Assert.IsType<HttpHeadersCollection>(await host.Seen.NextAsync());
        Assert.Equal(["c2lnbmF0dXJl+/=="], headers.GetValues("Authorization"));
        Assert.Equal(["aHR0cDovLw=="], headers.GetValues("x-oss-pub-key-url"));
        Assert.Equal("a,b", string.Join(',', headers.GetValues("x-twice")));
        Assert.Equal(2, await host.Seen.NextAsync());
    }

    [Fact]
    public async Task Is_read_as_text_and_as_json_whatever_the_case_of_its_names()
    {
        await using var host = await WorkerHost.StartAsync(["ReadTwice"]);
        using var content = new StringContent("""{"NAME":"é"}""");
        await host.Client.PostAsync(new Uri("/api/ReadTwice?a=1&b=2", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(["""{"NAME":"é"}""", new Person("é"), "2"], await host.Seen.NextAsync(3));
    }

    public sealed record Person(string Name);

    public sealed class Functions(Seen seen)
    {
        [Function("ShowUrl")]
        public HttpResponseData Url([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ShowUrl/{*rest}")] HttpRequestData request) => Show(request, request.Url);

        [Function("ShowBody")]
        public async Task<HttpResponseData> Body([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request, CancellationToken cancellationToken)
        {
            using var copy = new MemoryStream();
            await request.Body.CopyToAsync(copy, cancellationToken);
            return Show(request, copy.ToArray());
        }

        [Function("ShowHeaders")]
        public HttpResponseData Headers([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        {
            Show(request, request.Headers);
            return Show(request, request.Cookies.Count);
        }

        [Function("ReadTwice")]
        public async Task<HttpResponseData> Read([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request, CancellationToken cancellationToken)
        {
            Show(request, await request.ReadAsStringAsync());
            request.Body.Position = 0;
            Show(request, await request.ReadFromJsonAsync<Person>(cancellationToken));
            return Show(request, request.Query["b"]);
        }

        private HttpResponseData Show(HttpRequestData request, object? value)
        {
            seen.Add(value);
            return request.CreateResponse(HttpStatusCode.OK);
        }
    }
}
