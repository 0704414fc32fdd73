using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Webhooks;

/// <summary>A webhook, ready to post to.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Url">Where to post to.</param>
/// <param name="Secrets">What to sign with, the newest first.</param>
/// <param name="Profiles">Profiles whose events it gets; none: all.</param>
internal sealed record Webhook(string Name, Uri Url, IReadOnlyList<byte[]> Secrets, IReadOnlyCollection<string> Profiles)
{
    public bool Takes(string profile) => Profiles.Count == 0 || Profiles.Contains(profile, StringComparer.OrdinalIgnoreCase);

    public static Webhook From(string name, WebhookSettings settings) => new(
        name.ToLowerInvariant(),
        new Uri(settings.Url),
        [.. new[] { settings.Secret, settings.PreviousSecret }.Where(text => !string.IsNullOrEmpty(text)).Select(text => WebhookSignature.ParseSecret(text!))],
        settings.Profiles.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

/// <summary>The webhooks that are configured.</summary>
public sealed class WebhookList(IOptions<WebhookOptions> options)
{
    private readonly FrozenDictionary<string, Webhook> _webhooks =
        options.Value.Used.Select(webhook => Webhook.From(webhook.Key, webhook.Value)).ToFrozenDictionary(webhook => webhook.Name, StringComparer.OrdinalIgnoreCase);

    internal bool TryFind(string name, [NotNullWhen(true)] out Webhook? webhook) => _webhooks.TryGetValue(name, out webhook);

    /// <summary>Names of those that get the events of a profile.</summary>
    internal IReadOnlyList<string> For(string profile) => [.. _webhooks.Values.Where(webhook => webhook.Takes(profile)).Select(webhook => webhook.Name).Order(StringComparer.Ordinal)];
}
