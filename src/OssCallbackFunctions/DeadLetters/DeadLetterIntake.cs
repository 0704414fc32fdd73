using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>Records what comes to the poison queues. Doing it twice is doing it once.</summary>
public sealed partial class DeadLetterIntake(DeadLetterRecords records, DeadLetterMetrics metrics, ILogger<DeadLetterIntake> logger)
{
    /// <summary>Records a message.</summary>
    /// <param name="queue">Queue that it was on before it was poison.</param>
    /// <param name="letter">Why it is dead.</param>
    /// <param name="said">What the host says about the message (binding data); a member of the message may stand in its place.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal async Task TakeAsync(string queue, DeadLetter letter, IReadOnlyDictionary<string, object?> said, CancellationToken cancellationToken)
    {
        var dead = DeadLetterRecord.Of(queue, letter, said.GetValueOrDefault("Id")?.ToString(), TimeOf(said.GetValueOrDefault("InsertionTime")?.ToString()));
        if (await records.TryAddAsync(dead, cancellationToken))
        {
            metrics.Count(queue, letter.Code);
            LogDead(logger, queue, dead.Id, letter.Code);
        }
    }

    // JSON in quotes; where the message hides it, a time that is the same each time.
    private static DateTimeOffset TimeOf(string? text) =>
        DateTimeOffset.TryParse(text?.Trim('"'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : DateTimeOffset.UnixEpoch;

    [LoggerMessage(Level = LogLevel.Error, Message = "A message of queue {Queue} has failed for good: dead letter {Id}, {Code}")]
    private static partial void LogDead(ILogger logger, string queue, string id, string code);
}
