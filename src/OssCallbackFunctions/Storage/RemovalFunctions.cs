using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace OssCallbackFunctions.Storage;

/// <summary>Removes rows whose time has come.</summary>
public sealed partial class RemovalFunctions(Removals removals, ILogger<RemovalFunctions> logger)
{
    /// <summary>Carries a removal out, and leaves behind what is not due or not settled.</summary>
    [Function("Removal")]
    public async Task RemoveAsync([QueueTrigger(Removals.Queue)] string message, CancellationToken cancellationToken)
    {
        var asked = Removal.Parse(message);
        var left = await removals.RemoveAsync(asked, cancellationToken);
        if (left is not null)
        {
            await removals.LeaveAsync(left, cancellationToken);
        }

        LogRemoved(logger, asked.Rows[0].Table, asked.Rows[0].Partition, left?.Rows.Count ?? 0);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Removal of {Table}/{Partition} and what belongs to it: {Left} left for later")]
    private static partial void LogRemoved(ILogger logger, string table, string partition, int left);
}
