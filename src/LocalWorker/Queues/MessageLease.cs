using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace LocalWorker.Queues;

/// <summary>The right to work on one message, until it is deleted, released or let go. Keeps the newest pop receipt: each renewal makes the one before useless.</summary>
internal sealed partial class MessageLease(QueueClient queue, QueueMessage message, TimeSpan visibility, TimeProvider time, ILogger logger)
{
    private string _popReceipt = message.PopReceipt;

    /// <summary>Runs <paramref name="work"/>, and keeps the message hidden from others meanwhile.</summary>
    public async Task<T> RenewWhileAsync<T>(Func<Task<T>> work)
    {
        using var done = new CancellationTokenSource();
        var renewal = RenewAsync(done.Token);
        try
        {
            return await work();
        }
        finally
        {
            await done.CancelAsync();
            await renewal;
        }
    }

    public Task DeleteAsync() => queue.DeleteMessageAsync(message.MessageId, _popReceipt);

    /// <summary>Gives the message back; others see it after <paramref name="pause"/>.</summary>
    public Task ReleaseAsync(TimeSpan pause) => HideAsync(pause);

    private async Task RenewAsync(CancellationToken done)
    {
        while (await ElapsedAsync(visibility / 2, done))
        {
            try
            {
                // Not cancelled when the work is done: an update that came through unnoticed would leave a receipt behind that no longer deletes.
                await HideAsync(visibility);
            }
            catch (Exception e)
            {
                LogNotRenewed(e, message.MessageId);
            }
        }
    }

    private async Task HideAsync(TimeSpan duration)
    {
        UpdateReceipt receipt = await queue.UpdateMessageAsync(message.MessageId, _popReceipt, visibilityTimeout: duration);
        _popReceipt = receipt.PopReceipt;
    }

    private async Task<bool> ElapsedAsync(TimeSpan duration, CancellationToken done)
    {
        await Task.Delay(duration, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !done.IsCancellationRequested;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} could not be hidden any longer; another worker may see it.")]
    private partial void LogNotRenewed(Exception exception, string messageId);
}
