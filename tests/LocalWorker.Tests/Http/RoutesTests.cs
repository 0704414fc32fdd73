using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace LocalWorker.Tests.Http;

public sealed class RoutesTests
{
    private static readonly string[] AllRoutes = ["RouteDefault", "RouteItem", "RouteSpecial", "RouteFile", "RouteOptional", "RouteRegex"];

    [Theory]
    [InlineData("GET", "/api/RouteDefault", "default")]
    [InlineData("POST", "/API/routedefault", "default")]
    [InlineData("GET", "/api/items/42/0e984725-c51c-4bf4-9960-e1c80e27aba0", "42 0e984725-c51c-4bf4-9960-e1c80e27aba0")]
    [InlineData("GET", "/api/items/special/0e984725-c51c-4bf4-9960-e1c80e27aba0", "special 0e984725-c51c-4bf4-9960-e1c80e27aba0")]
    [InlineData("PUT", "/api/files/a/b%20c/d%2Fe", "a/b c/d%2Fe")]
    [InlineData("DELETE", "/api/files/", "")]
    [InlineData("GET", "/api/optional", "none")]
    [InlineData("GET", "/api/optional/7", "7")]
    [InlineData("GET", "/api/regex/abc", "abc")]
    public async Task Calls_the_function_of_the_route(string method, string path, string expected)
    {
        await using var host = await WorkerHost.StartAsync(AllRoutes);
        var (head, _) = await RawHttp.SendAsync(host.Address, $"{method} {path} HTTP/1.1", body: []);
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Equal(expected, await host.Seen.NextAsync());
    }

    [Theory]
    [InlineData("GET", "/RouteDefault")]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/api/items/forty-two/0e984725-c51c-4bf4-9960-e1c80e27aba0")]
    [InlineData("GET", "/api/items/42/no-guid")]
    [InlineData("GET", "/api/optional/x")]
    [InlineData("GET", "/api/regex/ab1")]
    [InlineData("GET", "/api/files/a")] // not listed, and still not 405
    [InlineData("HEAD", "/api/optional")]
    [InlineData("OPTIONS", "/api/optional")]
    public async Task Answers_404_without_a_body_where_no_route_fits(string method, string path)
    {
        await using var host = await WorkerHost.StartAsync(AllRoutes);
        var (head, body) = await RawHttp.SendAsync(host.Address, $"{method} {path} HTTP/1.1");
        Assert.StartsWith("HTTP/1.1 404 ", head, StringComparison.Ordinal);
        Assert.Empty(body);
        Assert.True(host.Seen.IsEmpty);
    }

    [Theory]
    [InlineData("/", "/RouteDefault")]
    [InlineData("v1/oss", "/v1/oss/RouteDefault")]
    public async Task Takes_the_prefix_of_host_json(string prefix, string path)
    {
        await using var host = await WorkerHost.StartAsync(["RouteDefault"], new() { ["AzureFunctionsJobHost:extensions:http:routePrefix"] = prefix });
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Serves_the_method_that_each_of_two_functions_lists_on_one_path()
    {
        await using var host = await WorkerHost.StartAsync(["SharedGet", "SharedPost"]);
        await host.Client.GetAsync(new Uri("/api/shared", UriKind.Relative), TestContext.Current.CancellationToken);
        await host.Client.PostAsync(new Uri("/api/shared", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(["get", "post"], await host.Seen.NextAsync(2));
    }

    [Fact]
    public async Task Answers_500_when_a_route_value_is_not_of_the_type_of_the_parameter()
    {
        await using var host = await WorkerHost.StartAsync(["RouteUnconstrained"]);
        var reply = await host.Client.GetAsync(new Uri("/api/number/many", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
    }

    public sealed class Functions(Seen seen)
    {
        [Function("RouteDefault")]
        public HttpResponseData Default([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequestData request) => Reply(request, "default");

        [Function("RouteItem")]
        public HttpResponseData Item(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{number:long}/{id:guid}")] HttpRequestData request, long number, Guid id) =>
            Reply(request, $"{number} {id}");

        [Function("RouteSpecial")]
        public HttpResponseData Special([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/special/{id}")] HttpRequestData request, string id) =>
            Reply(request, $"special {id}");

        [Function("RouteFile")]
        public HttpResponseData File([HttpTrigger(AuthorizationLevel.Anonymous, "put", "delete", Route = "files/{*path}")] HttpRequestData request, string? path) =>
            Reply(request, path ?? "");

        [Function("RouteOptional")]
        public HttpResponseData Optional([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "optional/{id:int?}")] HttpRequestData request, int? id) =>
            Reply(request, id?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none");

        [Function("RouteRegex")]
        public HttpResponseData Regex([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "regex/{word:regex(^[a-z]+$)}")] HttpRequestData request, string word) =>
            Reply(request, word);

        [Function("RouteUnconstrained")]
        public HttpResponseData Unconstrained([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "number/{value}")] HttpRequestData request, int value) =>
            Reply(request, $"{value}");

        [Function("SharedGet")]
        public HttpResponseData Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "shared")] HttpRequestData request) => Reply(request, "get");

        [Function("SharedPost")]
        public HttpResponseData Post([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "shared")] HttpRequestData request) => Reply(request, "post");

        private HttpResponseData Reply(HttpRequestData request, string value)
        {
            seen.Add(value);
            return request.CreateResponse(HttpStatusCode.OK);
        }
    }
}
