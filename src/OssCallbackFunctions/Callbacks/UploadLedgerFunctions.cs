using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>RECEIVE, without OSS's help: settles grants that no callback came for.</summary>
public sealed partial class UploadLedgerFunctions(UploadSettlement settlement, UploadLedger ledger, ILogger<UploadLedgerFunctions> logger)
{
    /// <summary>Settles an entry of the ledger. When OSS or the storage account fails, the host brings the message again.</summary>
    [Function("UploadLedger")]
    public async Task SettleAsync([QueueTrigger(UploadLedger.Queue)] string message, CancellationToken cancellationToken)
    {
        var entry = LedgerEntry.Parse(message);
        var settled = await settlement.SettleAsync(entry, cancellationToken);
        if (settled == LedgerSettlement.NotDue)
        {
            await ledger.ArmAsync(entry, cancellationToken);
        }

        // Found means that a callback was lost, Healed that a worker died, ObjectDiffers that somebody was refused.
        var level = settled is LedgerSettlement.Found or LedgerSettlement.Healed or LedgerSettlement.ObjectDiffers ? LogLevel.Warning : LogLevel.Information;
        LogSettled(logger, level, entry.Id, settled);
    }

    [LoggerMessage(Message = "Ledger: upload {UploadId} is {Settlement}")]
    private static partial void LogSettled(ILogger logger, LogLevel level, string uploadId, LedgerSettlement settlement);
}
