using System.Text.Json;

namespace Oss.Protocol;

/// <summary>An error as STS words it: the JSON of the reply's body. Source: RAM documentation, "AssumeRole", error codes.</summary>
/// <param name="Code">STS's code, such as <c>NoPermission</c> or <c>InvalidParameter.RoleArn</c>; <c>Http502</c> and its like where the reply has none.</param>
/// <param name="HttpStatus">HTTP status of the reply.</param>
/// <param name="Message">STS's message, without the parts of the request that STS repeats when a signature is wrong.</param>
/// <param name="RequestId">STS's id of the request, a UUID; null where the reply has none.</param>
public sealed record StsError(string Code, int HttpStatus, string Message, string? RequestId)
{
    /// <summary>The code that a request whose time is more than 15 minutes from STS's own is refused with.</summary>
    internal const string TimeExpired = "InvalidTimeStamp.Expired";

    private const int MaxMessage = 512;

    /// <summary>Code, status, message and request id: enough to look the error up, and nothing of the request.</summary>
    public override string ToString() => $"{Code} (HTTP {HttpStatus}): {Message}{(RequestId is null ? "" : $" [request {RequestId}]")}";

    /// <summary>Reads the JSON of a refusal.</summary>
    /// <param name="json">The body.</param>
    /// <param name="httpStatus">HTTP status of the reply.</param>
    /// <param name="requestId">What the header <c>x-acs-request-id</c> says, in case the body does not.</param>
    /// <param name="secret">A token that the request carried, and that the message must not.</param>
    internal static StsError Parse(byte[] json, int httpStatus, string? requestId, string? secret)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (Text(document.RootElement, nameof(Code)) is { Length: > 0 } code)
            {
                return new StsError(code, httpStatus, Clean(code, Text(document.RootElement, nameof(Message)) ?? "", secret), Text(document.RootElement, nameof(RequestId)) ?? requestId);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy's page, or a reply that was cut off: the status has to do.
        }

        return WithoutCode(httpStatus, requestId);
    }

    internal static StsError WithoutCode(int httpStatus, string? requestId) =>
        new($"Http{httpStatus}", httpStatus, $"HTTP status {httpStatus} without STS's words in the reply.", requestId);

    // After its first sentence, a message about a signature repeats what should have been signed: token, policy and all.
    private static string Clean(string code, string message, string? secret)
    {
        var end = code.Contains("Signature", StringComparison.Ordinal) ? message.IndexOf('.', StringComparison.Ordinal) + 1 : 0;
        var text = end > 0 ? message[..end] : message;
        text = string.IsNullOrEmpty(secret) ? text : text.Replace(secret, "(token)", StringComparison.Ordinal);
        return text.Length > MaxMessage ? text[..MaxMessage] : text;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
