using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using Oss.Protocol;

namespace OssCallbackFunctions.Replies;

/// <summary>Turns failures into application/problem+json (RFC 9457); nothing else does.</summary>
internal static partial class ProblemReply
{
    /// <summary>Runs a function's body; what goes wrong in it becomes a reply.</summary>
    /// <param name="request">The request.</param>
    /// <param name="logger">Hears of failures.</param>
    /// <param name="body">The body.</param>
    /// <param name="forUppy">Whether it is Uppy that reads the reply, as in <see cref="AnswerOf"/>.</param>
    public static async Task<HttpResponseData> GuardAsync(this HttpRequestData request, ILogger logger, Func<Task<HttpResponseData>> body, bool forUppy = false)
    {
        try
        {
            return await body();
        }
        catch (Exception e) when (IsUnavailable(e) || (e is AggregateException several && several.InnerExceptions.All(IsUnavailable)))
        {
            LogUnavailable(logger, request.FunctionContext.FunctionDefinition.Name, e);
            return await request.ProblemAsync(e is AccessKeyUnavailableException ? Problem.Unavailable.With("There is no key for OSS at present: the log says why.") : Problem.Unavailable, forUppy);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(logger, request.FunctionContext.FunctionDefinition.Name, e);
            return await request.ProblemAsync(Problem.Internal, forUppy);
        }
    }

    private static bool IsUnavailable(Exception e) => e is RequestFailedException or OssException or StsException or HttpRequestException or TimeoutException or IOException or AccessKeyUnavailableException;

    /// <summary>Replies with a problem.</summary>
    /// <param name="request">The request.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="forUppy">Whether it is Uppy that reads the reply, as in <see cref="AnswerOf"/>.</param>
    public static Task<HttpResponseData> ProblemAsync(this HttpRequestData request, Problem problem, bool forUppy = false) => request.ReplyAsync(AnswerOf(problem, forUppy ? request : null));

    /// <summary>The answer that tells a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="uppys">
    /// The request, when it is Uppy's: then the answer has members as well that Uppy knows: <c>error</c>, as Companion has it, and <c>message</c> and <c>requestId</c>, which Uppy 5 shows its user.
    /// Source: Companion's S3 controller and <c>@uppy/companion-client</c>.
    /// </param>
    public static Answer AnswerOf(Problem problem, HttpRequestData? uppys = null)
    {
        var shown = uppys is null ? null : problem.Detail ?? problem.Title;
        var body = new ProblemBody($"urn:oss-callback-functions:problem:{problem.Code}", problem.Title, problem.Status, problem.Detail, problem.Code)
        {
            Error = shown,
            Message = shown,
            RequestId = uppys?.FunctionContext.InvocationId,
            TraceId = uppys is null ? null : TraceParent.TraceOf(uppys),
        };
        var answer = new Answer((HttpStatusCode)problem.Status, JsonSerializer.SerializeToUtf8Bytes(body, ProblemJson.Default.ProblemBody), "application/problem+json");
        return problem.RetryAfter is { } seconds ? answer.With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)) : answer;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function}: OSS or the storage account failed")]
    private static partial void LogUnavailable(ILogger logger, string function, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed")]
    private static partial void LogFailed(ILogger logger, string function, Exception exception);
}

internal sealed record ProblemBody(string Type, string Title, int Status, string? Detail, string Code)
{
    public string? Error { get; init; }

    public string? Message { get; init; }

    public string? RequestId { get; init; }

    public string? TraceId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemJson : JsonSerializerContext;
