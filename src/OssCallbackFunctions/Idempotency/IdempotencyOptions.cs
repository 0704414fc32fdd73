using System.ComponentModel.DataAnnotations;

namespace OssCallbackFunctions.Idempotency;

/// <summary>How requests with an <c>Idempotency-Key</c> are kept.</summary>
public sealed class IdempotencyOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Idempotency";

    private static readonly TimeSpan Least = TimeSpan.FromHours(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(7);

    /// <summary>Time from the first request with a key until the key can be used anew; 1 hour to 7 days.</summary>
    public TimeSpan Kept { get; set; } = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kept < Least || Kept > Most)
        {
            yield return new ValidationResult($"Idempotency__Kept is {Kept}: expected 01:00:00 to 7.00:00:00.");
        }
    }
}
