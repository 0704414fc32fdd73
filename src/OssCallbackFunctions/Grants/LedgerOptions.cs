using System.ComponentModel.DataAnnotations;

namespace OssCallbackFunctions.Grants;

/// <summary>When a grant is settled for which no callback came.</summary>
public sealed class LedgerOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Ledger";

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);

    /// <summary>
    /// Whether each credential leaves an entry. Without, lending calls nothing, but an upload whose callback is lost is never told of, an open multipart upload is not given up, and
    /// records are not removed.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Time from a credential's end, and from its grant's expiry, until the object is looked for: for callbacks that are being answered, and for instances whose clocks differ.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Grace < Least || Grace > Most)
        {
            yield return new ValidationResult($"Ledger__Grace is {Grace}: expected 00:00:01 to 1.00:00:00.");
        }
    }
}
