using System.Net;
using System.Net.Sockets;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace LocalWorker.Tests.Http;

public sealed class HttpInvocationTests
{
    [Theory]
    [InlineData("ThrowNow")]
    [InlineData("ThrowLater")]
    public async Task Answers_500_without_a_body_to_an_exception(string function)
    {
        await using var host = await WorkerHost.StartAsync([function]);
        using var reply = await host.Client.GetAsync(new Uri($"/api/{function}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cancels_the_token_when_the_client_goes_away()
    {
        await using var host = await WorkerHost.StartAsync(["WaitForCancellation"]);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("GET /api/WaitForCancellation HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.Equal("started", await host.Seen.NextAsync());
            client.LingerState = new(true, 0);
        }

        Assert.Equal("cancelled", await host.Seen.NextAsync());
    }

    [Fact]
    public async Task Cancels_the_token_when_the_function_takes_longer_than_host_json_allows()
    {
        await using var host = await WorkerHost.StartAsync(["WaitForCancellation"], new() { ["AzureFunctionsJobHost:functionTimeout"] = "00:00:00.1" });
        using var reply = await host.Client.GetAsync(new Uri("/api/WaitForCancellation", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(["started", "cancelled"], await host.Seen.NextAsync(2));
        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
    }

    [Fact]
    public async Task Lets_a_request_run_to_its_end_at_shutdown()
    {
        await using var host = await WorkerHost.StartAsync(["WaitForTest"]);
        var reply = host.Client.GetAsync(new Uri("/api/WaitForTest", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("started", await host.Seen.NextAsync());
        var stopped = host.StopAsync();
        host.Seen.LetPass();
        Assert.Equal(HttpStatusCode.Accepted, (await reply).StatusCode);
        await stopped;
        Assert.Equal(false, await host.Seen.NextAsync());
    }

    public sealed class Functions(Seen seen)
    {
        [Function("ThrowNow")]
        public static HttpResponseData Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) => throw new FormatException("secret");

        [Function("ThrowLater")]
        public static async Task<HttpResponseData> ThrowAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        {
            await Task.Yield();
            throw new FormatException("secret");
        }

        [Function("WaitForCancellation")]
        public async Task<HttpResponseData> WaitAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request, FunctionContext context, CancellationToken cancellationToken)
        {
            Assert.Equal(context.CancellationToken, cancellationToken);
            seen.Add("started");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                seen.Add("cancelled");
            }

            return request.CreateResponse();
        }

        [Function("WaitForTest")]
        public async Task<HttpResponseData> WaitForTestAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request, CancellationToken cancellationToken)
        {
            seen.Add("started");
            await seen.PassAsync();
            seen.Add(cancellationToken.IsCancellationRequested);
            return request.CreateResponse(HttpStatusCode.Accepted);
        }
    }
}
