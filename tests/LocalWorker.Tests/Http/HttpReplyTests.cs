using System.Net;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LocalWorker.Tests.Http;

public sealed class HttpReplyTests
{
    [Theory]
    [InlineData("ReplyText")]
    [InlineData("ReplyJson")]
    [InlineData("ReplyEmpty")]
    [InlineData("ReplyObject")]
    public async Task Is_chunked_unless_the_function_sets_the_length(string function)
    {
        await using var host = await WorkerHost.StartAsync([function]);
        var (head, body) = await RawHttp.SendAsync(host.Address, $"GET /api/{function} HTTP/1.1");
        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.Contains("Transfer-Encoding: chunked", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length", head, StringComparison.Ordinal);
        Assert.EndsWith("0\r\n\r\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_the_length_that_the_function_sets()
    {
        await using var host = await WorkerHost.StartAsync(["ReplyWithLength"]);
        var (head, body) = await RawHttp.SendAsync(host.Address, "GET /api/ReplyWithLength HTTP/1.1");
        Assert.Contains("Content-Length: 15", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", head, StringComparison.Ordinal);
        Assert.Equal("""{"Status":"OK"}""", body);
    }

    [Theory]
    [InlineData("ReplyNoContent")]
    [InlineData("ReplyNothing")]
    public async Task Has_neither_body_nor_length_at_204(string function)
    {
        await using var host = await WorkerHost.StartAsync([function]);
        var (head, body) = await RawHttp.SendAsync(host.Address, $"GET /api/{function} HTTP/1.1");
        Assert.StartsWith("HTTP/1.1 204 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Transfer-Encoding", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length", head, StringComparison.Ordinal);
        Assert.Empty(body);
    }

    [Fact]
    public async Task Is_closed_at_its_end_for_a_caller_of_the_first_version_of_http()
    {
        await using var host = await WorkerHost.StartAsync(["ReplyText"]);
        var (head, body) = await RawHttp.SendAsync(host.Address, "GET /api/ReplyText HTTP/1.0");
        Assert.DoesNotContain("Transfer-Encoding", head, StringComparison.Ordinal);
        Assert.Equal("text", body);
    }

    [Fact]
    public async Task Keeps_status_headers_and_cookies()
    {
        await using var host = await WorkerHost.StartAsync(["ReplyHeaders"]);
        using var reply = await host.Client.GetAsync(new Uri("/api/ReplyHeaders", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Conflict, reply.StatusCode);
        Assert.Equal("\"v1\"", reply.Headers.ETag?.Tag);
        Assert.Equal("no-store", reply.Headers.CacheControl?.ToString());
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.ToString());
        Assert.Equal(["id=42; path=/"], reply.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task Keeps_the_names_of_properties_unless_the_app_configures_json()
    {
        await using var plain = await WorkerHost.StartAsync(["ReplyJson", "ReplyObject"]);
        await using var web = await WorkerHost.StartAsync(["ReplyJson", "ReplyObject"], configure: builder =>
            builder.Services.Configure<JsonSerializerOptions>(options => options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase));
        foreach (var path in new[] { "/api/ReplyJson", "/api/ReplyObject" })
        {
            using var reply = await plain.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal("application/json; charset=utf-8", reply.Content.Headers.ContentType?.ToString());
            Assert.Equal("""{"Status":"OK"}""", await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(
                """{"status":"OK"}""", await web.Client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));
        }
    }

    public sealed record Answer(string Status);

    public static class Functions
    {
        [Function("ReplyText")]
        public static async Task<HttpResponseData> Text([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        {
            var response = request.CreateResponse(HttpStatusCode.OK);
            await response.WriteStringAsync("text");
            return response;
        }

        [Function("ReplyJson")]
        public static async ValueTask<HttpResponseData> Json([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        {
            var response = HttpResponseData.CreateResponse(request);
            await response.WriteAsJsonAsync(new Answer("OK"));
            return response;
        }

        [Function("ReplyObject")]
        public static async Task<Answer> Plain([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        {
            await Task.Yield();
            return new("OK");
        }

        [Function("ReplyEmpty")]
        public static HttpResponseData Empty([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) => request.CreateResponse();

        [Function("ReplyWithLength")]
        public static async Task<HttpResponseData> WithLength([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new Answer("OK"));
            var response = request.CreateResponse();
            response.Headers.Add("Content-Length", $"{body.Length}");
            await response.WriteBytesAsync(body);
            return response;
        }

        [Function("ReplyNoContent")]
        public static HttpResponseData NoContent([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        {
            var response = request.CreateResponse(HttpStatusCode.NoContent);
            response.WriteString("not sent");
            return response;
        }

        [Function("ReplyNothing")]
        public static Task Nothing([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) => Task.CompletedTask;

        [Function("ReplyHeaders")]
        public static async Task<HttpResponseData> Headers([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        {
            var response = request.CreateResponse(HttpStatusCode.Conflict);
            response.Headers.Add("ETag", "\"v1\"");
            response.Headers.Add("Cache-Control", "no-store");
            response.Cookies.Append("id", "42");
            await response.WriteAsJsonAsync(new Answer("late"), "application/problem+json");
            return response;
        }
    }
}
