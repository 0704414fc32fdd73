using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Limits;

/// <summary>The limits of one caller; null: not limited, and not counted.</summary>
internal sealed record CallerLimits(long? Credentials, long? Bytes, int? Multiparts)
{
    // Nobody knows when one ends.
    private const int MultipartRetrySeconds = 60;

    public static CallerLimits Of(LimitSettings all, LimitSettings? own) => new(
        Limit(own?.CredentialsPerMinute ?? all.CredentialsPerMinute), Limit(own?.BytesPerDay ?? all.BytesPerDay), (int?)Limit(own?.OpenMultiparts ?? all.OpenMultiparts));

    /// <summary>Whether there is anything to count of a use.</summary>
    public bool Count(UploadUse use) => Credentials is not null || Bytes is not null || HasSlot(use);

    /// <summary>Whether it is a multipart upload that is to be counted as long as it is open.</summary>
    public bool HasSlot(UploadUse use) => Multiparts is not null && use.OpenUntil is not null;

    /// <summary>Why there is no room for a use; null: there is.</summary>
    /// <param name="use">The use.</param>
    /// <param name="used">What the caller has used.</param>
    /// <param name="open">How many multipart uploads it has open.</param>
    /// <param name="now">The time.</param>
    public Problem? Refuse(UploadUse use, UsageRecord used, int open, DateTimeOffset now) =>
        used.Credentials >= Credentials
            ? Problem.TooManyCredentials.With($"At most {Credentials} credentials are lent to this caller in a minute.") with { RetryAfter = Seconds(used.MinuteEnd - now) }
        : used.Bytes + use.Bytes > Bytes
            ? Problem.TooManyBytes.With($"Credentials for {Bytes} bytes are lent to this caller in a day, {used.Bytes} of them were, and this one is for up to {use.Bytes}.")
                with { RetryAfter = Seconds(used.DayEnd - now) }
        : HasSlot(use) && open >= Multiparts
            ? Problem.TooManyMultiparts.With($"At most {Multiparts} multipart uploads of this caller are open at a time: complete or abort one.") with { RetryAfter = MultipartRetrySeconds }
        : null;

    /// <summary>What is used once a use is added, or taken away. What is not limited is not counted.</summary>
    /// <param name="used">What the caller has used.</param>
    /// <param name="use">The use.</param>
    /// <param name="sign">1, or -1.</param>
    public UsageRecord Add(UsageRecord used, UploadUse use, int sign) => used with
    {
        Credentials = Credentials is null ? 0 : Math.Max(0, used.Credentials + sign),
        Bytes = Bytes is null ? 0 : Math.Max(0, used.Bytes + (sign * use.Bytes)),
    };

    private static long? Limit(long? setting) => setting is > 0 ? setting : null;

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}
