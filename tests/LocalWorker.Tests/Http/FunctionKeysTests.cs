using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace LocalWorker.Tests.Http;

public sealed class FunctionKeysTests
{
    private const string Key = WorkerHost.FunctionKey;
    private const string Master = WorkerHost.MasterKey;

    [Theory]
    [InlineData("KeyAnonymous", null, null, true)]
    [InlineData("KeyAnonymous", "wrong", null, true)]
    [InlineData("KeyFunction", null, null, false)]
    [InlineData("KeyFunction", "wrong", null, false)]
    [InlineData("KeyFunction", "", null, false)]
    [InlineData("KeyFunction", Key, null, true)]
    [InlineData("KeyFunction", null, Key, true)]
    [InlineData("KeyFunction", null, "wrong", false)]
    [InlineData("KeyFunction", Key, "wrong", true)]
    [InlineData("KeyFunction", "wrong", Key, false)]
    [InlineData("KeyFunction", Master, null, true)]
    [InlineData("KeyFunction", null, Master, true)]
    [InlineData("KeyDefault", null, null, false)]
    [InlineData("KeyDefault", Key, null, true)]
    [InlineData("KeySystem", Key, null, false)]
    [InlineData("KeySystem", Master, null, true)]
    [InlineData("KeyUser", Key, null, false)]
    [InlineData("KeyAdmin", Key, null, false)]
    [InlineData("KeyAdmin", null, null, false)]
    [InlineData("KeyAdmin", Master, null, true)]
    public async Task Opens_a_route_to_a_key_of_its_level_and_to_the_master_key(string function, string? header, string? code, bool opens)
    {
        await using var host = await WorkerHost.StartAsync([function]);
        Assert.Equal(opens ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await CallAsync(host, function, header, code));
    }

    [Theory]
    [InlineData("KeyFunction", "LocalWorker:FunctionKey", "")]
    [InlineData("KeyFunction", "LocalWorker:FunctionKey", Key)]
    [InlineData("KeyAdmin", "LocalWorker:MasterKey", "")]
    [InlineData("KeyAdmin", "LocalWorker:MasterKey", Master)]
    public async Task Opens_nothing_by_a_key_that_is_not_configured(string function, string setting, string header)
    {
        await using var host = await WorkerHost.StartAsync([function], new() { [setting] = "" });
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(host, function, header, code: null));
    }

    private static async Task<HttpStatusCode> CallAsync(WorkerHost host, string function, string? header, string? code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/{function}{(code is null ? "" : $"?code={code}")}");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("x-functions-key", header);
        }

        using var reply = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(reply.StatusCode == HttpStatusCode.OK, host.Seen.IsEmpty);
        return reply.StatusCode;
    }

    public sealed class Functions(Seen seen)
    {
        [Function("KeyAnonymous")]
        public HttpResponseData Anonymous([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) => Ok(request);

        [Function("KeyDefault")]
        public HttpResponseData Default([HttpTrigger("get")] HttpRequestData request) => Ok(request);

        [Function("KeyUser")]
        public HttpResponseData User([HttpTrigger(AuthorizationLevel.User, "get")] HttpRequestData request) => Ok(request);

        [Function("KeyFunction")]
        public HttpResponseData Function([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequestData request) => Ok(request);

        [Function("KeySystem")]
        public HttpResponseData System([HttpTrigger(AuthorizationLevel.System, "get")] HttpRequestData request) => Ok(request);

        [Function("KeyAdmin")]
        public HttpResponseData Admin([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequestData request) => Ok(request);

        private HttpResponseData Ok(HttpRequestData request)
        {
            seen.Add(request.Method);
            return request.CreateResponse(HttpStatusCode.OK);
        }
    }
}
