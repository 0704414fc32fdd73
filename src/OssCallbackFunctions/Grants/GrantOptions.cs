using System.ComponentModel.DataAnnotations;
using Oss.Protocol;

namespace OssCallbackFunctions.Grants;

/// <summary>What grants are sealed with.</summary>
public sealed class GrantOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Grants";

    private const int LeastSecretBytes = 32;

    /// <summary>Base64 of at least 32 random bytes, the same for all instances. Whoever has it can forge grants.</summary>
    [Required(ErrorMessage = "Grants__Secret is missing: base64 of at least 32 random bytes ('openssl rand -base64 32').")]
    public string Secret { get; set; } = "";

    /// <summary>The secret before this one, while grants sealed with it are about: still accepted, no more sealed with. Likewise base64.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>The secret to seal with, and after it the one that is accepted too.</summary>
    internal IReadOnlyList<byte[]> SecretBytes =>
        [Convert.FromBase64String(Secret), .. string.IsNullOrEmpty(PreviousSecret) ? Array.Empty<byte[]>() : [Convert.FromBase64String(PreviousSecret)]];

    /// <summary>The same, for HMACs.</summary>
    internal IReadOnlyList<HmacKey> MacKeys => [.. SecretBytes.Select(secret => new HmacKey(secret))];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsSecret(Secret))
        {
            yield return new ValidationResult($"Grants__Secret is not base64 of at least {LeastSecretBytes} bytes ('openssl rand -base64 32').");
        }

        if (!string.IsNullOrEmpty(PreviousSecret) && !IsSecret(PreviousSecret))
        {
            yield return new ValidationResult($"Grants__PreviousSecret is not base64 of at least {LeastSecretBytes} bytes: leave it empty, or set what Grants__Secret was before.");
        }
    }

    private static bool IsSecret(string text) => Convert.TryFromBase64String(text, new byte[text.Length], out var length) && length >= LeastSecretBytes;
}
