using System.Text;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>Tells of dead letters, sends them back and drops them. Many at a time are taken in pages, the newest first, so that what dies again meanwhile is not met once more.</summary>
public sealed class DeadLetterDesk(DeadLetterRecords records, DeadLetterQueues queues)
{
    private const int UsualPage = 50;
    private const int MaxPage = 100;

    // Letters that one request sends back or drops.
    private const int MaxBatch = 200;

    internal async Task<Outcome<DeadLetterList>> ListAsync(string? queue, string? code, string? after, string? count, CancellationToken cancellationToken)
    {
        if (queue is not null && !DeadLetterQueues.All.Contains(queue))
        {
            return NoQueue();
        }

        var most = count is null ? UsualPage : int.TryParse(count, out var number) && number is >= 1 and <= MaxPage ? number : 0;
        if (most == 0 || !TryAfter(after, out var last))
        {
            return Problem.InvalidQuery.With($"count is 1 to {MaxPage}, after what next was.");
        }

        var found = await records.ListAsync(queue, code, last, null, most, cancellationToken);
        return new DeadLetterList([.. found.Select(Describe)], Next(found, most));
    }

    internal async Task<Outcome<DeadLetterStatus>> RequeueAsync(string queue, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(queue, id, cancellationToken) is not { } dead)
        {
            return Problem.DeadLetterNotFound;
        }

        if (dead.IsCut)
        {
            return Problem.DeadLetterCut.With("It was too long to be kept whole: send what it asks for anew, and delete it.");
        }

        await SendBackAsync(dead, cancellationToken);
        return Describe(dead);
    }

    internal async Task<Outcome<RequeuedLetters>> RequeueAsync(DeadLetterOrder order, CancellationToken cancellationToken)
    {
        if (!DeadLetterQueues.All.Contains(order.Queue))
        {
            return NoQueue();
        }

        if (order.Code is null == !order.All || !TryAfter(order.After, out var last))
        {
            return Problem.InvalidQuery.With("There must be either a code or all: true; after is what next was.");
        }

        var found = await records.ListAsync(order.Queue, order.Code, last, null, MaxBatch, cancellationToken);
        foreach (var dead in found.Where(dead => !dead.IsCut))
        {
            await SendBackAsync(dead, cancellationToken);
        }

        return new RequeuedLetters(found.Count(dead => !dead.IsCut), found.Count(dead => dead.IsCut), Next(found, MaxBatch));
    }

    internal async Task<Outcome<DeadLetterStatus>> DropAsync(string queue, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(queue, id, cancellationToken) is not { } dead)
        {
            return Problem.DeadLetterNotFound;
        }

        await records.RemoveAsync(dead, cancellationToken);
        return Describe(dead);
    }

    internal async Task<Outcome<PurgedLetters>> PurgeAsync(DeadLetterPurge purge, CancellationToken cancellationToken)
    {
        if (!DeadLetterQueues.All.Contains(purge.Queue))
        {
            return NoQueue();
        }

        if (!TryAfter(purge.After, out var last))
        {
            return Problem.InvalidQuery.With("after is what next was.");
        }

        var found = await records.ListAsync(purge.Queue, purge.Code, last, purge.Before, MaxBatch, cancellationToken);
        foreach (var dead in found)
        {
            await records.RemoveAsync(dead, cancellationToken);
        }

        return new PurgedLetters(found.Count, Next(found, MaxBatch));
    }

    // In this order: a crash in between sends it twice, which all that read these queues can bear.
    private async Task SendBackAsync(DeadLetterRecord dead, CancellationToken cancellationToken)
    {
        await queues.SendBackAsync(dead, cancellationToken);
        await records.RemoveAsync(dead, cancellationToken);
    }

    private Task<DeadLetterRecord?> FindAsync(string queue, string id, CancellationToken cancellationToken) =>
        DeadLetterQueues.All.Contains(queue) && DeadLetterRecord.IsId(id) ? records.FindAsync(queue, id, cancellationToken) : Task.FromResult<DeadLetterRecord?>(null);

    private static Problem NoQueue() => Problem.InvalidQuery.With($"queue is one of {string.Join(", ", DeadLetterQueues.All)}.");

    private static bool TryAfter(string? text, out (string Queue, string Id)? after)
    {
        after = text?.Split('/') is [var queue, var id] && DeadLetterQueues.All.Contains(queue) && DeadLetterRecord.IsId(id) ? (queue, id) : null;
        return text is null || after is not null;
    }

    private static string? Next(List<DeadLetterRecord> page, int most) => page.Count == most ? $"{page[^1].Queue}/{page[^1].Id}" : null;

    private static DeadLetterStatus Describe(DeadLetterRecord dead) => new(dead.Queue, dead.Id, dead.Code, dead.Reason, dead.DiedAt, dead.IsCut, Encoding.UTF8.GetString(dead.Message));
}
