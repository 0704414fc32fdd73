using System.ComponentModel.DataAnnotations;
using Oss.Protocol;

namespace OssCallbackFunctions.Grants;

/// <summary>Where OSS reaches this app.</summary>
public sealed class CallbackAddressOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Callbacks";

    private const int MaxProfileName = 64;
    private const string Expected = "expected http(s)://host[:port][/path] without query, user or IPv6 address (OSS calls no IPv6)";

    /// <summary>URL that OSS reaches this app by, from the internet and by IPv4: <c>https://host</c>, with a path where a gateway adds one. <c>/api/callbacks/oss/...</c> is appended.</summary>
    [Required(ErrorMessage = "Callbacks__PublicBaseUrl is missing: the URL by which OSS reaches this app, such as https://my-app.azurewebsites.net.")]
    public string PublicBaseUrl { get; set; } = "";

    /// <summary>
    /// Further URLs of that kind, separated by <c>;</c>, at most four: OSS calls them in turn when the first does not answer as it should. The app behind them shares secret, tables and queues.
    /// </summary>
    public string? FallbackBaseUrls { get; set; }

    /// <summary>The URLs in the order that OSS is to call them.</summary>
    internal IReadOnlyList<Uri> BaseUris => [.. Fallbacks.Prepend(PublicBaseUrl).Select(url => new Uri(url.TrimEnd('/') + "/"))];

    private string[] Fallbacks => (FallbackBaseUrls ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsBaseUrl(PublicBaseUrl))
        {
            yield return new ValidationResult($"Callbacks__PublicBaseUrl is '{PublicBaseUrl}': {Expected}.");
        }

        foreach (var url in Fallbacks.Where(url => !IsBaseUrl(url)))
        {
            yield return new ValidationResult($"Callbacks__FallbackBaseUrls has '{url}': {Expected}.");
        }

        if (Fallbacks.Length >= OssLimits.MaxCallbackUrls)
        {
            yield return new ValidationResult($"Callbacks__FallbackBaseUrls has {Fallbacks.Length} URLs: OSS calls at most {OssLimits.MaxCallbackUrls}, with Callbacks__PublicBaseUrl.");
        }

        if (Fallbacks.Prepend(PublicBaseUrl).All(IsBaseUrl) && CallbackAddress.RoomForVariables(this, new string('p', MaxProfileName), [], CallbackFields.All) < 0)
        {
            yield return new ValidationResult("Callbacks__PublicBaseUrl and Callbacks__FallbackBaseUrls are too long together: OSS takes 5 KB for a callback, which has each with the grant in it.");
        }

        if (Fallbacks.Prepend(PublicBaseUrl).GroupBy(url => url.TrimEnd('/'), StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            yield return new ValidationResult($"Callbacks__FallbackBaseUrls has '{twice.Key}', which is there already.");
        }
    }

    private static bool IsBaseUrl(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
        && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0 && uri.HostNameType != UriHostNameType.IPv6;
}
