using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using LocalWorker.Functions;
using LocalWorker.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalWorker.Queues;

/// <summary>What becomes of one message: handled and deleted, released for another attempt, or moved to the poison queue.</summary>
internal sealed partial class QueueMessageProcessor(
    Function function,
    QueueClient queue,
    PoisonQueue? poison,
    QueueSettings settings,
    TimeSpan visibility,
    FunctionPipeline pipeline,
    TimeProvider time,
    ILogger<QueueMessageProcessor> logger)
{
    /// <summary>Never throws: a message that could not be settled reappears when its visibility ends.</summary>
    public async Task ProcessAsync(QueueMessage message, CancellationToken stopping)
    {
        FunctionTrace.BeQuiet();
        var lease = new MessageLease(queue, message, visibility, time, logger);
        try
        {
            await ProcessAsync(message, lease, stopping);
        }
        catch (Exception e)
        {
            LogNotSettled(e, function.Name, message.MessageId);
        }
    }

    private async Task ProcessAsync(QueueMessage message, MessageLease lease, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
        {
            await lease.ReleaseAsync(TimeSpan.Zero);
        }
        else if (!QueueMessageText.TryDecode(message, settings.Encoding, out var decoded))
        {
            LogNotBase64(function.Name, message.MessageId);
            await GiveUpAsync(message, lease);
        }
        else if (message.DequeueCount > settings.MaxDequeueCount)
        {
            // Its last attempt ended with the process, not with an answer.
            await GiveUpAsync(message, lease);
        }
        else
        {
            var outcome = await lease.RenewWhileAsync(() => InvokeAsync(decoded, stopping));
            await SettleAsync(message, lease, outcome);
        }
    }

    private Task SettleAsync(QueueMessage message, MessageLease lease, Outcome outcome) =>
        outcome == Outcome.Succeeded ? lease.DeleteAsync()
        : message.DequeueCount >= settings.MaxDequeueCount || poison is null ? GiveUpAsync(message, lease)
        : lease.ReleaseAsync(outcome == Outcome.HandedBack ? TimeSpan.Zero : settings.VisibilityTimeout);

    private async Task<Outcome> InvokeAsync(QueueMessage message, CancellationToken stopping)
    {
        try
        {
            await pipeline.InvokeAsync(function, new QueueTriggerData(message), stopping);
            return Outcome.Succeeded;
        }
        catch (Exception e) when (e is OperationCanceledException && stopping.IsCancellationRequested)
        {
            LogHandedBack(function.Name, message.MessageId);
            return Outcome.HandedBack;
        }
        catch (Exception e)
        {
            // Also when the host stops at the same time: a failure waits for its next attempt as long as host.json says.
            LogFailed(e, function.Name, message.MessageId, message.DequeueCount, settings.MaxDequeueCount);
            return Outcome.Failed;
        }
    }

    private async Task GiveUpAsync(QueueMessage message, MessageLease lease)
    {
        if (poison is null)
        {
            // A poison queue has none of its own: its messages stay, and are seen again when their visibility ends.
            return;
        }

        await poison.SendAsync(message);
        await lease.DeleteAsync();
        LogPoison(function.Name, message.MessageId, poison.Name);
    }

    private enum Outcome
    {
        Succeeded,
        Failed,
        HandedBack,
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed on message {MessageId}, attempt {Attempt} of {MaxAttempts}.")]
    private partial void LogFailed(Exception exception, string function, string messageId, long attempt, int maxAttempts);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Function} was stopped on message {MessageId}, which is handed back.")]
    private partial void LogHandedBack(string function, string messageId);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function}: message {MessageId} is not base64; see messageEncoding in host.json.")]
    private partial void LogNotBase64(string function, string messageId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function}: message {MessageId} moved to {PoisonQueue}.")]
    private partial void LogPoison(string function, string messageId, string poisonQueue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function}: message {MessageId} could not be settled and will be seen again.")]
    private partial void LogNotSettled(Exception exception, string function, string messageId);
}
