using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Oss.Protocol;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>RECEIVE, without OSS's help: settles grants that no callback came for.</summary>
public sealed partial class UploadLedgerFunctions(UploadSettlement settlement, UploadLedger ledger, CallbackMetrics metrics, ILogger<UploadLedgerFunctions> logger)
{
    /// <summary>
    /// Settles an entry of the ledger. While OSS does not answer, it is put off, however long that lasts; when OSS refuses for good or the storage account fails, the host brings the message again.
    /// </summary>
    [Function("UploadLedger")]
    public async Task SettleAsync([QueueTrigger(UploadLedger.Queue)] string message, CancellationToken cancellationToken)
    {
        var entry = LedgerEntry.Parse(message);
        using var activity = CallbackTrace.Start(entry);
        LedgerSettlement settled;
        LedgerEntry? left;
        try
        {
            (settled, left) = await settlement.SettleAsync(entry, cancellationToken);
        }
        catch (Exception e) when (OssRetry.IsTransient(e) && !cancellationToken.IsCancellationRequested)
        {
            LogPutOff(logger, entry.Id, e);
            await ledger.PutOffAsync(entry, cancellationToken);
            metrics.CountPutOff();
            activity?.SetTag(AppMeter.Outcome, CallbackMetrics.PutOff);
            return;
        }

        if (left is not null)
        {
            await ledger.RearmAsync(left, cancellationToken);
        }

        // Found means that a callback was lost, Healed that a worker died, ObjectDiffers that somebody was refused.
        var level = settled is LedgerSettlement.Found or LedgerSettlement.Healed or LedgerSettlement.ObjectDiffers ? LogLevel.Warning : LogLevel.Information;
        metrics.Count(settled);
        activity?.SetTag(AppMeter.Outcome, CallbackMetrics.NameOf(settled));
        LogSettled(logger, level, entry.Id, settled);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ledger: OSS does not answer for upload {UploadId}, which is put off")]
    private static partial void LogPutOff(ILogger logger, string uploadId, Exception exception);

    [LoggerMessage(Message = "Ledger: upload {UploadId} is {Settlement}")]
    private static partial void LogSettled(ILogger logger, LogLevel level, string uploadId, LedgerSettlement settlement);
}
