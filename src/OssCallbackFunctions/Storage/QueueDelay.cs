namespace OssCallbackFunctions.Storage;

/// <summary>How long a queue is to hide a message that is due at some time.</summary>
internal static class QueueDelay
{
    // The longest that a queue hides a message: what comes sooner than it is due is sent again.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>Whole seconds, as the queue counts them, and rather one too many: what comes too soon would only be sent again.</summary>
    public static TimeSpan Until(DateTimeOffset due, DateTimeOffset now)
    {
        var delay = TimeSpan.FromSeconds(Math.Ceiling((due - now).TotalSeconds));
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay > Longest ? Longest : delay;
    }
}
