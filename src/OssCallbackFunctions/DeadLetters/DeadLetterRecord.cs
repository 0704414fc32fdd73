using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;

namespace OssCallbackFunctions.DeadLetters;

/// <summary>A message that failed for good, as its row in table <c>deadletters</c> has it: in the partition of its queue, the newest first.</summary>
/// <param name="Queue">Queue that it was on.</param>
/// <param name="Id">Name of the row; the same each time the same message is recorded.</param>
/// <param name="Code">Stable code of why.</param>
/// <param name="Reason">For people.</param>
/// <param name="Message">The message, in UTF-8: as text it would not fit.</param>
/// <param name="DiedAt">When it came to the poison queue.</param>
/// <param name="IsCut">Whether only the message's beginning is there.</param>
internal sealed record DeadLetterRecord(string Queue, string Id, string Code, string Reason, byte[] Message, DateTimeOffset DiedAt, bool IsCut)
{
    // Bytes of a hash that tell messages of one second apart.
    private const int HashBytes = 12;
    private const int TimeLength = 19;

    /// <summary>The record of a message on a poison queue.</summary>
    /// <param name="queue">Queue that it was on.</param>
    /// <param name="letter">Why it is dead.</param>
    /// <param name="messageId">The queue's id of it. A member of the message may hide it, so it is not believed to be unique.</param>
    /// <param name="diedAt">When it came to the poison queue.</param>
    public static DeadLetterRecord Of(string queue, DeadLetter letter, string? messageId, DateTimeOffset diedAt)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{messageId}\n{letter.Message}"));
        var id = $"{From(diedAt)}-{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}";
        return new DeadLetterRecord(queue, id, letter.Code, letter.Reason, Encoding.UTF8.GetBytes(letter.Message), diedAt, letter.IsCut);
    }

    /// <summary>What the rows of a time begin with.</summary>
    public static string From(DateTimeOffset time) => (DateTimeOffset.MaxValue.Ticks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>Whether a row can have this name.</summary>
    public static bool IsId(string id) => id.Length == TimeLength + 1 + 2 * HashBytes && id[TimeLength] == '-' && id.All(c => char.IsAsciiHexDigitLower(c) || c == '-');

    public TableEntity ToEntity() => new(Queue, Id) { ["Code"] = Code, ["Reason"] = Reason, ["Message"] = Message, ["DiedAt"] = DiedAt, ["IsCut"] = IsCut };

    public static DeadLetterRecord From(TableEntity entity) => new(
        entity.PartitionKey, entity.RowKey, entity.GetString("Code"), entity.GetString("Reason"), entity.GetBinary("Message"), entity.GetDateTimeOffset("DiedAt")!.Value,
        entity.GetBoolean("IsCut")!.Value);
}
