using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Oss.Protocol;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Callbacks;

/// <summary>RECEIVE, without OSS's help: settles grants that no callback came for.</summary>
public sealed partial class UploadLedgerFunctions(UploadSettlement settlement, UploadLedger ledger, CallbackMetrics metrics, ILogger<UploadLedgerFunctions> logger)
{
    /// <summary>
    /// Settles an entry of the ledger. While OSS or the storage account does not answer, it is put off, however long that lasts; when one of them refuses for good, the host brings the message
    /// again, and gives it up in the end.
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
        catch (Exception e) when ((OssRetry.IsTransient(e) || StorageFailures.IsTransient(e)) && !cancellationToken.IsCancellationRequested)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ledger: OSS or the storage account does not answer for upload {UploadId}, which is put off")]
    private static partial void LogPutOff(ILogger logger, string uploadId, Exception exception);

    [LoggerMessage(Message = "Ledger: upload {UploadId} is {Settlement}")]
    private static partial void LogSettled(ILogger logger, LogLevel level, string uploadId, LedgerSettlement settlement);
}
