using System.Diagnostics;
using OpenTelemetry;

namespace OssCallbackFunctions.Telemetry;

/// <summary>Takes URLs and secrets out of spans before they are exported, whoever made them.</summary>
internal sealed class RedactedSpans : BaseProcessor<Activity>
{
    private const string Query = "url.query";

    public override void OnEnd(Activity data)
    {
        foreach (var (name, value) in data.TagObjects.ToList())
        {
            if (value is string text && (name == Query ? "*" : Redaction.Of(text)) is var redacted && redacted != text)
            {
                data.SetTag(name, redacted);
            }
        }

        if (data.StatusDescription is { } said && Redaction.Of(said) is var status && status != said)
        {
            data.SetStatus(data.Status, status);
        }

        if (data.Events.Any(IsTelling))
        {
            // What an event says cannot be changed: then the span is not exported, and what failed is in the log.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    private static bool IsTelling(ActivityEvent happened) => happened.Tags.Any(tag => tag.Value is string text && Redaction.Of(text) != text);
}
