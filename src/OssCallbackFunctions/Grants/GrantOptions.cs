using System.ComponentModel.DataAnnotations;

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

    internal byte[] SecretBytes => Convert.FromBase64String(Secret);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var bytes = new byte[Secret.Length];
        if (!Convert.TryFromBase64String(Secret, bytes, out var length) || length < LeastSecretBytes)
        {
            yield return new ValidationResult($"Grants__Secret is not base64 of at least {LeastSecretBytes} bytes ('openssl rand -base64 32').");
        }
    }
}
