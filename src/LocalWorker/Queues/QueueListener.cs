using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using LocalWorker.Functions;
using LocalWorker.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalWorker.Queues;

/// <summary>Fetches the messages of one function's queue, and no more of them than it may work on.</summary>
internal sealed partial class QueueListener(
    Function function,
    QueueClient queue,
    QueueMessageProcessor processor,
    QueueSettings settings,
    TimeSpan visibility,
    PollingBackoff backoff,
    TimeProvider time,
    ILogger<QueueListener> logger)
{
    public Function Function => function;

    /// <summary>Makes the queue if it is missing. The host in Azure does not; a queue that is not there yet does no harm to either.</summary>
    public async Task CreateQueueAsync(CancellationToken cancellationToken)
    {
        try
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreachable(e, queue.Name);
        }
    }

    /// <summary>Ends when <paramref name="stopping"/> has fired and every message in work is settled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var running = new List<Task>();
        while (!stopping.IsCancellationRequested)
        {
            var messages = await ReceiveAsync();
            running.AddRange(messages.Select(message => Task.Run(() => processor.ProcessAsync(message, stopping), CancellationToken.None)));
            if (messages.Length == 0)
            {
                await Task.Delay(backoff.Next(), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else
            {
                backoff.Reset();
            }

            while (running.RemoveAll(task => task.IsCompleted) >= 0 && running.Count > settings.NewBatchThreshold)
            {
                await Task.WhenAny(running);
            }
        }

        await Task.WhenAll(running);
    }

    public override string ToString() => $"Queue {queue.Name}";

    private async Task<QueueMessage[]> ReceiveAsync()
    {
        FunctionTrace.BeQuiet();
        try
        {
            // Not cancelled at shutdown: messages that were on their way would stay hidden with nobody to work on them.
            return await queue.ReceiveMessagesAsync(settings.BatchSize, visibility, CancellationToken.None);
        }
        catch (RequestFailedException e) when (e.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            LogMissing(queue.Name);
            return [];
        }
        catch (Exception e)
        {
            LogUnreachable(e, queue.Name);
            return [];
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "There is no queue {Queue} yet.")]
    private partial void LogMissing(string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Queue} could not be asked; it will be asked again.")]
    private partial void LogUnreachable(Exception exception, string queue);
}
