using Azure;
using Azure.Data.Tables;

namespace OssCallbackFunctions.Idempotency;

/// <summary>What is kept of a request with a key: one row of table <c>idempotency</c>.</summary>
/// <param name="Request">The request.</param>
/// <param name="Owner">Whose attempt wrote the row, so that a write whose reply was lost is known again.</param>
/// <param name="Operation">Id of what is done, 32 hex digits: the same for all attempts at it.</param>
/// <param name="Lease">Until when the attempt has the time to answer.</param>
/// <param name="Expires">From this time on the key is free.</param>
internal sealed record KeyedRecord(KeyedRequest Request, string Owner, string Operation, DateTimeOffset Lease, DateTimeOffset Expires)
{
    public const string Row = "request";
    public const string ExpiresColumn = "Expires";

    // A property holds 64 KiB, a row 1 MiB.
    private const int PieceBytes = 60 * 1024;

    /// <summary>The answer, sealed; null: none yet.</summary>
    public byte[]? Answer { get; init; }

    /// <summary>Concurrency token of the row this was read from; default: there is none.</summary>
    public ETag Version { get; init; }

    public TableEntity ToEntity()
    {
        var entity = new TableEntity(Request.Scope, Row)
        {
            ["Fingerprint"] = Request.Fingerprint,
            [nameof(Owner)] = Owner,
            [nameof(Operation)] = Operation,
            [nameof(Lease)] = Lease,
            [ExpiresColumn] = Expires,
        };
        foreach (var (number, piece) in (Answer ?? []).Chunk(PieceBytes).Index())
        {
            entity[$"Answer{number}"] = piece;
        }

        return entity;
    }

    public static KeyedRecord From(TableEntity entity)
    {
        var pieces = new List<byte>();
        for (var number = 0; entity.GetBinary($"Answer{number}") is { } piece; number++)
        {
            pieces.AddRange(piece);
        }

        return new KeyedRecord(
            new KeyedRequest(entity.PartitionKey, entity.GetString("Fingerprint")), entity.GetString(nameof(Owner)), entity.GetString(nameof(Operation)),
            entity.GetDateTimeOffset(nameof(Lease))!.Value, entity.GetDateTimeOffset(ExpiresColumn)!.Value)
        {
            Answer = pieces.Count > 0 ? [.. pieces] : null,
            Version = entity.ETag,
        };
    }
}
