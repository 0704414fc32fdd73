namespace OssCallbackFunctions.Webhooks;

/// <summary>What came of one attempt at a delivery.</summary>
/// <param name="Error">Stable code of what went wrong; null: delivered.</param>
/// <param name="Status">HTTP status, if there was an answer.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
/// <param name="IsFinal">Whether another attempt is useless.</param>
internal sealed record WebhookReply(string? Error, int? Status = null, TimeSpan? RetryAfter = null, bool IsFinal = false)
{
    /// <summary>There is no such webhook any more.</summary>
    public static readonly WebhookReply NotConfigured = new("not_configured", IsFinal: true);

    /// <summary>No answer in time.</summary>
    public static readonly WebhookReply TimedOut = new("timeout");

    /// <summary>No connection, or it broke.</summary>
    public static readonly WebhookReply Unreachable = new("unreachable");

    /// <summary>An answer: 2xx is delivered, 410 says never again, anything else (a redirect too) is tried again.</summary>
    public static WebhookReply Of(int status, TimeSpan? retryAfter) => status switch
    {
        >= 200 and < 300 => new(null, status),
        410 => new("gone", status, IsFinal: true),
        >= 300 and < 400 => new("redirected", status, retryAfter),
        _ => new("refused", status, retryAfter),
    };
}
