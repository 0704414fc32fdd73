using OpenTelemetry;
using OpenTelemetry.Logs;

namespace OssCallbackFunctions.Telemetry;

/// <summary>Takes URLs and secrets out of log records before they are exported, whoever wrote them.</summary>
internal sealed class RedactedLogs : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        data.FormattedMessage = data.FormattedMessage is { } message ? Redaction.Of(message) : null;
        data.Body = data.Body is { } body ? Redaction.Of(body) : null;
        if (data.Attributes is { } attributes && attributes.Any(IsTelling))
        {
            data.Attributes = [.. attributes.Select(attribute => IsTelling(attribute) ? new(attribute.Key, Redaction.Of(attribute.Value!.ToString()!)) : attribute)];
        }

        if (data.Exception is { } e && e.ToString() is var text && Redaction.Of(text) is var redacted && redacted != text)
        {
            data.Exception = new RedactedException(e, redacted);
        }
    }

    // What is no text becomes text when it is exported.
    private static bool IsTelling(KeyValuePair<string, object?> attribute) =>
        attribute.Value is string or Uri && attribute.Value.ToString() is { } text && Redaction.Of(text) != text;

    private sealed class RedactedException(Exception original, string text) : Exception($"{original.GetType().Name}: {Redaction.Of(original.Message)}")
    {
        public override string? StackTrace => text;

        public override string ToString() => text;
    }
}
