using System.Globalization;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using Oss.Protocol;
using OssCallbackFunctions.Credentials;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.UploadSessions;

/// <summary>LEND to browsers: below a capability URL, without a key, what Uppy's Companion answers for S3. The URL says what may be touched, whatever key and upload id are named.</summary>
public sealed class UppyFunctions(
    UploadSessionDesk sessions, MultipartDesk multiparts, UploadCredentialIssuer issuer, CredentialLender lender, Seals seals, OssEndpoint endpoint, TimeProvider clock,
    ILogger<UppyFunctions> logger)
{
    private const string Multipart = UploadSessionDesk.Route + "{token}/s3/multipart";
    private const int MaxCompletion = 1024 * 1024;
    private const int MaxBatch = 1000;

    /// <summary>A form for one file.</summary>
    [Function("UppyParams")]
    public Task<HttpResponseData> ParamsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = UploadSessionDesk.Route + "{token}/s3/params")] HttpRequestData request, string token, CancellationToken cancellationToken) =>
        ReplyAsync(request, token, UppyJson.Default.UppyForm, async session =>
        {
            var ordered = sessions.Order(session, request.Query["filename"], request.Query["type"]);

            // Uppy 6 sends no form that has a redirect, be it empty.
            var signed = ordered.Value is { } order ? await issuer.FormOfAsync(order, pinsRedirect: false, cancellationToken) : ordered.Problem!;
            var lent = await lender.LendAsync(signed, session.Caller, cancellationToken);
            return lent.Value is { } form ? new UppyForm(form.Method, form.Url, form.Fields, Seconds(form.Expires)) : lent.Problem!;
        });

    /// <summary>Begins a multipart upload, once for each <c>Idempotency-Key</c> of the session's.</summary>
    [Function("UppyCreateMultipart")]
    public Task<HttpResponseData> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Multipart)] HttpRequestData request, string token, CancellationToken cancellationToken) =>
        ReplyAsync(request, token, session => request.AnswerOnceAsync(
            session.Id, async (request, cancellationToken) => AnswerOf(request, await BeginAsync(request, session, cancellationToken), UppyJson.Default.UppyBegun), cancellationToken));

    /// <summary>The parts that are there.</summary>
    [Function("UppyListParts")]
    public Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Multipart + "/{uploadId}")] HttpRequestData request, string token, string uploadId, CancellationToken cancellationToken) =>
        ReplyAsync(request, token, UppyJson.Default.IReadOnlyListUppyPart, async session =>
        {
            var found = multiparts.Find(session, uploadId, request.Query["key"]);
            var listed = found.Value is { } ticket ? await multiparts.ListAsync(session, ticket, cancellationToken) : found.Problem!;
            return listed.Value is { } parts
                ? new Outcome<IReadOnlyList<UppyPart>>([.. parts.Select(part => new UppyPart(part.Number, part.ETag.Trim('"'), part.Size))], null)
                : listed.Problem!;
        });

    /// <summary>URLs to send parts to: of one, by its number, or of several, by <c>batch</c>.</summary>
    [Function("UppySignParts")]
    public Task<HttpResponseData> SignAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Multipart + "/{uploadId}/{part}")] HttpRequestData request, string token, string uploadId, string part,
        CancellationToken cancellationToken) =>
        part.Equals("batch", StringComparison.OrdinalIgnoreCase)
            ? ReplyAsync(request, token, UppyJson.Default.UppyPartUrls, session => SignSeveralAsync(session, uploadId, request.Query["key"], request.Query["partNumbers"], cancellationToken))
            : ReplyAsync(request, token, UppyJson.Default.UppyPartUrl, session => SignOneAsync(session, uploadId, request.Query["key"], part, cancellationToken));

    /// <summary>Makes the object of its parts; OSS calls back before the answer.</summary>
    [Function("UppyComplete")]
    public Task<HttpResponseData> CompleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Multipart + "/{uploadId}/complete")] HttpRequestData request, string token, string uploadId, CancellationToken cancellationToken) =>
        ReplyAsync(request, token, UppyJson.Default.UppyCompleted, async session =>
        {
            var found = multiparts.Find(session, uploadId, request.Query["key"]);
            if (found.Value is not { } ticket)
            {
                return found.Problem!;
            }

            var asked = await request.ReadJsonAsync(UppyJson.Default.UppyComplete, cancellationToken, MaxCompletion);
            var stored = asked.Value is { } named
                ? await multiparts.CompleteAsync(session, ticket, [.. (named.Parts ?? []).Select(part => (part?.PartNumber ?? 0, part?.ETag ?? ""))], cancellationToken)
                : asked.Problem!;
            return stored.Problem is { } refusal ? refusal : new UppyCompleted(endpoint.ObjectUrl(ticket.Bucket, ticket.Key), ticket.Key, ticket.Bucket);
        });

    /// <summary>Gives an upload up.</summary>
    [Function("UppyAbort")]
    public Task<HttpResponseData> AbortAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = Multipart + "/{uploadId}")] HttpRequestData request, string token, string uploadId, CancellationToken cancellationToken) =>
        ReplyAsync(request, token, UppyJson.Default.UppyNothing, async session =>
        {
            var found = multiparts.Find(session, uploadId, request.Query["key"]);
            if (found.Value is not { } ticket)
            {
                return found.Problem!;
            }

            await multiparts.AbortAsync(session, ticket, cancellationToken);
            return new UppyNothing();
        });

    private async Task<Outcome<UppyBegun>> BeginAsync(HttpRequestData request, UploadSession session, CancellationToken cancellationToken)
    {
        var asked = await request.ReadJsonAsync(UppyJson.Default.UppyBegin, cancellationToken);
        var ordered = asked.Value is { } file ? sessions.Order(session, file.Filename, file.Type) : asked.Problem!;
        if (ordered.Value is not { } order)
        {
            return ordered.Problem!;
        }

        var begun = await multiparts.BeginAsync(order, session, null, cancellationToken);
        return begun.Value is { } ticket ? new UppyBegun(ticket.Key, ticket.ToText(seals, session), ticket.Bucket) : begun.Problem!;
    }

    private async Task<Outcome<UppyPartUrl>> SignOneAsync(UploadSession session, string uploadId, string? key, string part, CancellationToken cancellationToken)
    {
        var found = multiparts.Find(session, uploadId, key);
        var signed = found.Value is not { } ticket ? found.Problem!
            : Number(part) is not { } number ? NoNumber(part)
            : await multiparts.SignPartsAsync(session, ticket, [number], cancellationToken);
        return signed.Value is [var url] ? new UppyPartUrl(url.Url, Seconds(url.Expires)) : signed.Problem!;
    }

    private async Task<Outcome<UppyPartUrls>> SignSeveralAsync(UploadSession session, string uploadId, string? key, string? parts, CancellationToken cancellationToken)
    {
        var found = multiparts.Find(session, uploadId, key);
        var numbers = (parts ?? "").Split(',', StringSplitOptions.TrimEntries);
        if ((found.Value is null ? found.Problem!
            : numbers.Length > MaxBatch ? Problem.InvalidParts.With($"At most {MaxBatch} parts are signed at once.")
            : numbers.FirstOrDefault(number => Number(number) is null) is { } wrong ? NoNumber(wrong)
            : null) is { } refusal)
        {
            return refusal;
        }

        var distinct = numbers.Distinct(StringComparer.Ordinal).ToList();
        var signed = await multiparts.SignPartsAsync(session, found.Value!, [.. distinct.Select(number => Number(number)!.Value)], cancellationToken);
        return signed.Value is { } urls ? new UppyPartUrls(distinct.Zip(urls).ToDictionary(part => part.First, part => part.Second.Url)) : signed.Problem!;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= OssLimits.MaxPartCount ? number : null;

    private static Problem NoNumber(string text) => Problem.InvalidParts.With($"'{text}' is no part number from 1 to {OssLimits.MaxPartCount}.");

    // Uppy counts from the moment it has the answer.
    private long Seconds(DateTimeOffset expires) => Math.Max(1, (long)(expires - clock.GetUtcNow()).TotalSeconds);

    private Task<HttpResponseData> ReplyAsync<T>(HttpRequestData request, string token, JsonTypeInfo<T> type, Func<UploadSession, Task<Outcome<T>>> act)
        where T : class => ReplyAsync(request, token, async session => AnswerOf(request, await act(session), type));

    private Task<HttpResponseData> ReplyAsync(HttpRequestData request, string token, Func<UploadSession, Task<Answer>> act) =>
        request.GuardAsync(
            logger,
            async () =>
            {
                var opened = sessions.Open(token);
                return await request.ReplyAsync(opened.Value is { } session ? await act(session) : ProblemReply.AnswerOf(opened.Problem!, request));
            },
            forUppy: true);

    private static Answer AnswerOf<T>(HttpRequestData request, Outcome<T> outcome, JsonTypeInfo<T> type)
        where T : class => outcome.Problem is { } refusal ? ProblemReply.AnswerOf(refusal, request) : Answer.Json(HttpStatusCode.OK, outcome.Value!, type);
}
