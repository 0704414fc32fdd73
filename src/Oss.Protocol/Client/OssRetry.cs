namespace Oss.Protocol;

/// <summary>
/// When and how soon a request is tried again: full-jitter exponential back-off, as OSS's V2 SDKs do (3 attempts, base 0.2 s, cap 20 s).
/// </summary>
public sealed record OssRetry
{
    /// <summary>No second attempt.</summary>
    public static readonly OssRetry None = new() { Attempts = 1 };

    /// <summary>Attempts in all, at least 1.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Upper bound of the first delay; it doubles with each attempt.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Upper bound of every delay.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Gives numbers from 0 to 1; the delay is this part of its upper bound.</summary>
    public Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>How long to wait after attempt <paramref name="attempt"/> (from 1).</summary>
    public TimeSpan DelayAfter(int attempt) =>
        Math.Min(MaxDelay.TotalSeconds, BaseDelay.TotalSeconds * Math.Pow(2, attempt - 1)) * TimeSpan.FromSeconds(Jitter());

    /// <summary>
    /// How long to wait after attempt <paramref name="attempt"/> (from 1) that ended so, at least as long as was asked for; null: longer than <see cref="MaxDelay"/>, or the source asks for
    /// a pause, so that it is for the caller to come again.
    /// </summary>
    internal TimeSpan? DelayAfter(int attempt, Exception e) =>
        e is SourceBusyException or HttpRequestException { InnerException: SourceBusyException } ? null
        : (e as OssException)?.RetryAfter is not { } asked ? DelayAfter(attempt)
        : asked > MaxDelay ? null
        : new[] { asked, DelayAfter(attempt) }.Max();

    /// <summary>Whether an HTTP status says that the answer may be another one next time, whatever service it is of: no time, throttling, its own faults but for what it does not implement.</summary>
    public static bool IsTransientStatus(int status) => status is 408 or 429 or >= 500 and not 501;

    /// <summary>Whether OSS's answer may be another one next time: throttling, its own faults, a wrong clock. Other refusals are final.</summary>
    public static bool IsTransient(OssError error) =>
        IsTransientStatus(error.HttpStatus) || error.Code == OssErrorCode.RequestTimeTooSkewed.Code || error.Code == OssErrorCode.RequestTimeout.Code;

    /// <summary>
    /// Whether STS's answer may be another one next time: throttling (which its gateway also says with status 400), its own faults, a wrong clock. Other refusals are final.
    /// </summary>
    public static bool IsTransient(StsError error) =>
        IsTransientStatus(error.HttpStatus)
        || error.Code == "Throttling" || error.Code.StartsWith("Throttling.", StringComparison.Ordinal) || error.Code == StsError.TimeExpired;

    /// <summary>Whether OSS refused the key itself, as unknown or ended, so that another one may do.</summary>
    public static bool IsRefusedKey(OssError error) =>
        error.Code == OssErrorCode.InvalidAccessKeyId.Code || error.Code == OssErrorCode.SecurityTokenExpired.Code || error.Code == OssErrorCode.InvalidSecurityToken.Code
        || (error.Code == OssErrorCode.AccessDenied.Code && error.Message.Contains("token", StringComparison.OrdinalIgnoreCase) && error.Message.Contains("expired", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether STS refused the caller's key itself, as unknown or ended.</summary>
    public static bool IsRefusedKey(StsError error) =>
        error.Code.StartsWith("InvalidAccessKeyId", StringComparison.Ordinal) || error.Code.StartsWith("InvalidSecurityToken", StringComparison.Ordinal);

    /// <summary>
    /// Whether an exception of <see cref="OssClient"/> or <see cref="StsClient"/> stands for something that may pass: a transient refusal, a lost connection, a stall, a checksum, no key.
    /// </summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        OssException e => IsTransient(e.Error),
        StsException e => IsTransient(e.Error),
        SourceEndedException => false,
        HttpRequestException { InnerException: SourceEndedException } => false,
        HttpRequestException or IOException or TimeoutException or AccessKeyUnavailableException => true,
        _ => false,
    };
}
