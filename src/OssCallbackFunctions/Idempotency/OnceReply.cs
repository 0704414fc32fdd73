using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Idempotency;

/// <summary>What a POST is wrapped in that can be sent again: beside <see cref="ProblemReply.GuardAsync"/>, which it has in it.</summary>
internal static class OnceReply
{
    /// <summary>Runs a function's body, once for all requests of one <c>Idempotency-Key</c>. Without that header it is run, and nothing is kept or looked up.</summary>
    /// <param name="request">The request.</param>
    /// <param name="logger">Hears of failures.</param>
    /// <param name="act">The body. It must read the request that it is given.</param>
    /// <param name="cancellationToken">Ends what nobody waits for.</param>
    public static Task<HttpResponseData> OnceAsync(
        this HttpRequestData request, ILogger logger, Func<HttpRequestData, CancellationToken, Task<Answer>> act, CancellationToken cancellationToken) =>
        request.GuardAsync(logger, async () => await request.ReplyAsync(await AnswerAsync(request, () => request.FunctionContext.InstanceServices.GetRequiredService<UploadCallers>().Of(request), act, cancellationToken)));

    /// <summary>The same below a URL that says by itself who asks: the answer, and no guard.</summary>
    /// <param name="request">The request.</param>
    /// <param name="owner">Whose the key is, among those who use the function.</param>
    /// <param name="act">The body. It must read the request that it is given.</param>
    /// <param name="cancellationToken">Ends what nobody waits for.</param>
    public static Task<Answer> AnswerOnceAsync(
        this HttpRequestData request, string owner, Func<HttpRequestData, CancellationToken, Task<Answer>> act, CancellationToken cancellationToken) =>
        AnswerAsync(request, () => new UploadCaller(owner), act, cancellationToken);

    /// <summary>Id of what is done for the request, 32 hex digits, the same when it comes again; null: it has no key.</summary>
    public static string? Operation(this HttpRequestData request) => (request as ReadRequest)?.Operation;

    private static async Task<Answer> AnswerAsync(
        HttpRequestData request, Func<Outcome<UploadCaller>> find, Func<HttpRequestData, CancellationToken, Task<Answer>> act, CancellationToken cancellationToken)
    {
        if (!request.Headers.TryGetValues(IdempotencyKey.Header, out var values))
        {
            return await act(request, cancellationToken);
        }

        if (IdempotencyKey.Parse(values) is not { } key)
        {
            return ProblemReply.AnswerOf(Problem.InvalidIdempotencyKey.With($"{IdempotencyKey.Header} is one string of 1 to 255 printable ASCII characters, in quotes or not."));
        }

        var caller = find();
        if (caller.Problem is { } unknown)
        {
            return ProblemReply.AnswerOf(unknown);
        }

        if (await request.ReadBytesAsync(cancellationToken) is not { } body)
        {
            return ProblemReply.AnswerOf(JsonReply.TooLarge());
        }

        var keyed = KeyedRequest.Of(caller.Value!.Name, request.FunctionContext.FunctionDefinition.Name, key, request.Method, request.Url, body);
        return await request.FunctionContext.InstanceServices.GetRequiredService<KeyedRequests>().OnceAsync(
            keyed, operation => act(new ReadRequest(request, body, operation), CancellationToken.None), cancellationToken);
    }
}
