using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OssCallbackFunctions.BulkUploads;
using OssCallbackFunctions.Callbacks;
using OssCallbackFunctions.DeadLetters;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.Telemetry;

/// <summary>
/// Looks once a minute at what waits in the storage account. Each instance does: what they tell is the same, so whoever reads it takes the greatest, and where no instance runs nothing is told.
/// </summary>
internal sealed partial class StateWatch(
    StorageAccount storage, UploadLedger ledger, StalledJobs jobs, StateMetrics metrics, TimeProvider clock, ILogger<StateWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Queues =
        [.. DeadLetterQueues.All, .. DeadLetterQueues.All.Select(queue => queue + QueueNames.PoisonSuffix), UploadRecords.EventQueue, WebhookQueue.Dead];

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        // A minute's look at the storage account is no part of any trace.
        using var quiet = SuppressInstrumentationScope.Begin();
        metrics.Queues = await TryAsync(async () =>
        {
            var counts = new Dictionary<string, long>();
            foreach (var queue in Queues)
            {
                counts[queue] = await storage.CountMessagesAsync(queue, cancellationToken);
            }

            return counts;
        }) ?? [];
        metrics.Overdue = await TryAsync(async () => (long?)await ledger.CountOverdueAsync(Patience, cancellationToken));
        metrics.Stalled = await TryAsync(async () => (long?)await jobs.CountAsync(cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The app ends.
        }
    }

    private async Task<T?> TryAsync<T>(Func<Task<T>> look)
    {
        try
        {
            return await look();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotSeen(e);
            return default;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What waits in the storage account could not be looked at, and is not measured")]
    private partial void LogNotSeen(Exception exception);
}
