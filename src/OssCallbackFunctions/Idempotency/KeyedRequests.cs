using Azure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Idempotency;

/// <summary>
/// Does what is asked for under a key once, and answers the same request the same again. Good answers alone are kept: a refusal frees the key, and what failed or died on the way can be asked for again,
/// as the same operation.
/// </summary>
internal sealed partial class KeyedRequests(
    KeyedRecords records, SecretSeals seals, TimeProvider clock, NewId newId, IOptions<IdempotencyOptions> options, ILogger<KeyedRequests> logger)
{
    /// <summary>Header of an answer that was given before.</summary>
    public const string Replayed = "Idempotent-Replayed";

    /// <summary>Time for an attempt to answer: one that has not by then died.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private const int MaxAttempts = 5;

    private static Problem InFlight => Problem.IdempotencyInFlight.With("It is being answered: send the same request again.");

    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="act">Does what it asks for, as the operation of the id given; it is not stopped when the caller hangs up, since it may have been done then.</param>
    /// <param name="cancellationToken">Ends the attempts to begin.</param>
    public async Task<Answer> OnceAsync(KeyedRequest request, Func<string, Task<Answer>> act, CancellationToken cancellationToken)
    {
        var owner = newId();
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var now = clock.GetUtcNow();
            var row = await records.FindAsync(request.Scope, cancellationToken);
            var known = row is { } found && found.Expires > now ? found : null;
            if (known?.Owner == owner)
            {
                return await ActAsync(known, act);
            }

            if (known is not null && AnswerOf(known, request, now) is { } answer)
            {
                return answer;
            }

            var mine = known is not null
                ? known with { Owner = owner, Lease = now + Lease, Answer = null }
                : new KeyedRecord(request, owner, owner, now + Lease, now + options.Value.Kept) { Version = row?.Version ?? default };
            if (known is null)
            {
                await records.LeaveRemovalAsync(mine, cancellationToken);
            }

            if (await records.TryWriteAsync(mine, cancellationToken) is { } claimed)
            {
                return await ActAsync(claimed, act);
            }
        }

        return ProblemReply.AnswerOf(InFlight);
    }

    // Null: there is none, and nobody is at it.
    private Answer? AnswerOf(KeyedRecord known, KeyedRequest request, DateTimeOffset now) =>
        known.Request != request ? ProblemReply.AnswerOf(Problem.IdempotencyKeyReused.With("Another method, path, query or body was sent with it: take a new key for a new request."))
        : known.Answer is { } kept ? KeptAnswer.Open(kept, request, seals)?.With(Replayed, "true")
        : known.Lease > now ? ProblemReply.AnswerOf(InFlight)
        : null;

    private async Task<Answer> ActAsync(KeyedRecord mine, Func<string, Task<Answer>> act)
    {
        Answer answer;
        try
        {
            answer = await act(mine.Operation);
        }
        catch
        {
            // What became of it is not known: the same request may come again, no other.
            await TryAsync(() => records.TryWriteAsync(mine with { Lease = clock.GetUtcNow() }, CancellationToken.None));
            throw;
        }

        if (!answer.IsGood)
        {
            await TryAsync(() => records.ForgetAsync(mine));
            return answer;
        }

        if (await records.TryWriteAsync(mine with { Answer = KeptAnswer.Seal(answer, mine.Request, seals) }, CancellationToken.None) is not null)
        {
            return answer;
        }

        // It took longer than the lease, and somebody else was asked again: there is one answer, theirs. Or ours, when it is the reply to the write that was lost.
        var now = await records.FindAsync(mine.Request.Scope, CancellationToken.None);
        return now?.Owner == mine.Owner ? answer : now is null ? answer : AnswerOf(now, mine.Request, clock.GetUtcNow()) ?? ProblemReply.AnswerOf(InFlight);
    }

    // When it fails, the lease ends by itself.
    private async Task TryAsync(Func<Task> free)
    {
        try
        {
            await free();
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or TaskCanceledException)
        {
            LogNotFreed(logger, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A key was not freed, and is so when its lease ends")]
    private static partial void LogNotFreed(ILogger logger, Exception exception);
}
