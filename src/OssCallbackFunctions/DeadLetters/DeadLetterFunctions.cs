using System.Net;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>For operators: messages that failed for good.</summary>
public sealed class DeadLetterFunctions(DeadLetterDesk desk, ILogger<DeadLetterFunctions> logger)
{
    private const string Letters = "dead-letters";
    private const string Letter = Letters + "/{queue}/{id}";

    /// <summary>Lists them.</summary>
    [Function("DeadLetterList")]
    public Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Letters)] HttpRequestData request, CancellationToken cancellationToken) =>
        ReplyAsync(
            request, () => desk.ListAsync(request.Query["queue"], request.Query["code"], request.Query["after"], request.Query["count"], cancellationToken),
            DeadLetterStatusJson.Default.DeadLetterList);

    /// <summary>Sends one back.</summary>
    [Function("DeadLetterRequeue")]
    public Task<HttpResponseData> RequeueAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Letter + "/requeue")] HttpRequestData request, string queue, string id, CancellationToken cancellationToken) =>
        ReplyAsync(request, () => desk.RequeueAsync(queue, id, cancellationToken), DeadLetterStatusJson.Default.DeadLetterStatus);

    /// <summary>Sends those of a queue back.</summary>
    [Function("DeadLetterRequeueMany")]
    public Task<HttpResponseData> RequeueManyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Letters + "/requeue")] HttpRequestData request, CancellationToken cancellationToken) =>
        ReplyAsync(
            request,
            async () =>
            {
                var order = await request.ReadJsonAsync(DeadLetterStatusJson.Default.DeadLetterOrder, cancellationToken);
                return order.Problem is { } problem ? problem : await desk.RequeueAsync(order.Value!, cancellationToken);
            },
            DeadLetterStatusJson.Default.RequeuedLetters);

    /// <summary>Drops one.</summary>
    [Function("DeadLetterDelete")]
    public Task<HttpResponseData> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = Letter)] HttpRequestData request, string queue, string id, CancellationToken cancellationToken) =>
        ReplyAsync(request, () => desk.DropAsync(queue, id, cancellationToken), DeadLetterStatusJson.Default.DeadLetterStatus);

    /// <summary>Drops those of a queue.</summary>
    [Function("DeadLetterPurge")]
    public Task<HttpResponseData> PurgeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Letters + "/purge")] HttpRequestData request, CancellationToken cancellationToken) =>
        ReplyAsync(
            request,
            async () =>
            {
                var purge = await request.ReadJsonAsync(DeadLetterStatusJson.Default.DeadLetterPurge, cancellationToken);
                return purge.Problem is { } problem ? problem : await desk.PurgeAsync(purge.Value!, cancellationToken);
            },
            DeadLetterStatusJson.Default.PurgedLetters);

    private Task<HttpResponseData> ReplyAsync<T>(HttpRequestData request, Func<Task<Outcome<T>>> act, JsonTypeInfo<T> type)
        where T : class => request.GuardAsync(logger, async () => await request.ReplyAsync(Answer.Of(await act(), HttpStatusCode.OK, type)));
}
