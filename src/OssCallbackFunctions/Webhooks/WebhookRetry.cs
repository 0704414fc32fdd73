namespace OssCallbackFunctions.Webhooks;

/// <summary>When a delivery that failed is tried again: ten attempts in about 34 hours.</summary>
internal static class WebhookRetry
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1),
        TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(12),
    ];

    // A receiver may ask for more time than we would leave it, but not put us off for ever.
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(12);

    /// <summary>Attempts that are made in all.</summary>
    public static int MaxAttempts => Delays.Length + 1;

    /// <summary>Time until the next attempt; null: there is none.</summary>
    /// <param name="attempts">Attempts made, at least 1.</param>
    /// <param name="retryAfter">What the receiver asked for.</param>
    /// <param name="jitter">0 to 1: up to a fifth is added, so that what failed together does not come together.</param>
    public static TimeSpan? DelayAfter(int attempts, TimeSpan? retryAfter, double jitter)
    {
        if (attempts >= MaxAttempts)
        {
            return null;
        }

        var asked = retryAfter is { } wanted ? wanted < LongestRetryAfter ? wanted : LongestRetryAfter : TimeSpan.Zero;
        var planned = Delays[attempts - 1];
        return TimeSpan.FromSeconds(Math.Ceiling(((planned > asked ? planned : asked) * (1 + 0.2 * jitter)).TotalSeconds));
    }
}
