using System.ComponentModel.DataAnnotations;

namespace OssCallbackFunctions.Grants;

/// <summary>Where OSS reaches this app.</summary>
public sealed class CallbackAddressOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Callbacks";

    /// <summary>URL that OSS reaches this app by, from the internet and by IPv4: <c>https://host</c>, with a path where a gateway adds one. <c>/api/callbacks/oss/...</c> is appended.</summary>
    [Required(ErrorMessage = "Callbacks__PublicBaseUrl is missing: the URL by which OSS reaches this app, such as https://my-app.azurewebsites.net.")]
    public string PublicBaseUrl { get; set; } = "";

    internal Uri BaseUri => new(PublicBaseUrl.TrimEnd('/') + "/");

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(PublicBaseUrl, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0 || uri.HostNameType == UriHostNameType.IPv6)
        {
            yield return new ValidationResult(
                $"Callbacks__PublicBaseUrl is '{PublicBaseUrl}': expected http(s)://host[:port][/path] without query, user or IPv6 address (OSS calls no IPv6).");
        }
    }
}
