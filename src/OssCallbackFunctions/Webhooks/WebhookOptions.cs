using System.ComponentModel.DataAnnotations;

namespace OssCallbackFunctions.Webhooks;

/// <summary>Where events are delivered, by the names of section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Webhooks";

    private const int MaxNameLength = 64;

    /// <summary>Webhooks by name; one without any setting does not count.</summary>
    public Dictionary<string, WebhookSettings> All { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal IEnumerable<KeyValuePair<string, WebhookSettings>> Used => All.Where(webhook => !webhook.Value.IsEmpty);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from webhook in Used
        from wrong in IsName(webhook.Key) ? webhook.Value.Refuse() : [("", $"is no name of a webhook: expected 1 to {MaxNameLength} of A-Z a-z 0-9 - _.")]
        select new ValidationResult(wrong.Member.Length > 0 ? $"{Section}__{webhook.Key}__{wrong.Member} {wrong.Reason}" : $"{Section}__{webhook.Key} {wrong.Reason}");

    private static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}

/// <summary>One webhook.</summary>
public sealed class WebhookSettings
{
    /// <summary>Where to post to: https, without user name and fragment.</summary>
    public string Url { get; set; } = "";

    /// <summary>What deliveries are signed with: <c>whsec_</c> and base64 of 24 to 64 bytes.</summary>
    public string Secret { get; set; } = "";

    /// <summary>The secret before this one, while the receiver changes over: deliveries are signed with both.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>Profiles whose events are delivered, separated by ";"; none: all.</summary>
    public string Profiles { get; set; } = "";

    /// <summary>Whether <see cref="Url"/> may be http on this machine (loopback); for tests.</summary>
    public bool AllowHttp { get; set; }

    internal bool IsEmpty => Url.Length == 0 && Secret.Length == 0 && string.IsNullOrEmpty(PreviousSecret) && Profiles.Length == 0;

    internal IEnumerable<(string Member, string Reason)> Refuse()
    {
        // Neither is repeated: a URL may carry a token in its query.
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0
            || !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && AllowHttp)))
        {
            yield return (nameof(Url), "is missing or no https URL without user name and fragment.");
        }

        if (!WebhookSignature.TryParseSecret(Secret, out _))
        {
            yield return (nameof(Secret), SecretReason);
        }

        if (!string.IsNullOrEmpty(PreviousSecret) && !WebhookSignature.TryParseSecret(PreviousSecret, out _))
        {
            yield return (nameof(PreviousSecret), SecretReason);
        }
    }

    private const string SecretReason = "is missing or no secret: expected whsec_ and base64 of 24 to 64 random bytes (echo whsec_$(openssl rand -base64 32)).";
}
