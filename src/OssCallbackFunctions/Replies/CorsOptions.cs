using System.ComponentModel.DataAnnotations;

namespace OssCallbackFunctions.Replies;

/// <summary>Which pages may call this app from a browser.</summary>
public sealed class CorsOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Cors";

    /// <summary>Origins such as <c>https://www.example.com</c>, separated by <c>;</c>, or <c>*</c>; null: none.</summary>
    public string? AllowedOrigins { get; set; }

    internal IReadOnlySet<string> Origins =>
        new HashSet<string>((AllowedOrigins ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Origins.Where(origin => origin != "*" && !IsOrigin(origin))
        .Select(origin => new ValidationResult($"Cors__AllowedOrigins has '{origin}': expected * or origins such as https://www.example.com, without a path, separated by ';'."));

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && text.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase);
}
