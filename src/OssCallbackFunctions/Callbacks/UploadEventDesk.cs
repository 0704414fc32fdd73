using OssCallbackFunctions.Replies;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.Callbacks;

/// <summary>Looks events up, and sends them again. The event is made of the upload's record, so it has the same id each time.</summary>
public sealed class UploadEventDesk(UploadRecords records, DeliveryRecords deliveries, WebhookList webhooks, TimeProvider clock)
{
    private const int MaxUploadIdLength = 64;

    /// <summary>Tells an event and how far its deliveries are.</summary>
    internal async Task<Outcome<UploadEventStatus>> FindAsync(string eventId, CancellationToken cancellationToken)
    {
        if (await FindRecordAsync(eventId, cancellationToken) is not { Happened: { } happened } record)
        {
            return Problem.EventNotFound;
        }

        var begun = await deliveries.ListAsync(eventId, cancellationToken);
        var ordered = record.Webhooks.Except(begun.Select(delivery => delivery.Webhook)).Select(name => new DeliveryRecord { Webhook = name });
        return new UploadEventStatus(happened, record.IsTold, [.. begun.Concat(ordered).OrderBy(delivery => delivery.Webhook, StringComparer.Ordinal)]);
    }

    /// <summary>Sends an event again.</summary>
    internal async Task<Outcome<UploadEvent>> RedeliverAsync(string eventId, EventRedelivery asked, CancellationToken cancellationToken)
    {
        if (await FindRecordAsync(eventId, cancellationToken) is not { Happened: { } happened })
        {
            return Problem.EventNotFound;
        }

        IReadOnlyList<string> targets = webhooks.For(happened.Data.Profile);
        if (asked.Webhook is { } name)
        {
            targets = [.. targets.Where(target => target.Equals(name, StringComparison.OrdinalIgnoreCase))];
            if (targets.Count == 0)
            {
                return Problem.InvalidWebhook.With($"There is no webhook of this name for events of profile '{happened.Data.Profile}'.");
            }
        }

        // A new order, also for an instance whose clock is behind: the first one was given when the upload was verified.
        var now = clock.GetUtcNow();
        var ordered = now > happened.Time ? now : happened.Time.AddMilliseconds(1);
        await records.SendAgainAsync(happened, asked.Queue ?? asked.Webhook is null, targets, ordered, cancellationToken);
        return happened;
    }

    private async Task<UploadRecord?> FindRecordAsync(string eventId, CancellationToken cancellationToken)
    {
        var uploadId = eventId.EndsWith(UploadEvent.VerifiedSuffix, StringComparison.Ordinal) ? eventId[..^UploadEvent.VerifiedSuffix.Length] : "";
        return uploadId.Length is > 0 and <= MaxUploadIdLength && uploadId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? await records.FindAsync(uploadId, cancellationToken)
            : null;
    }
}
