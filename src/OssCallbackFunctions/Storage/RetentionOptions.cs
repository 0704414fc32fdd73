using System.ComponentModel.DataAnnotations;

namespace OssCallbackFunctions.Storage;

/// <summary>How long records are kept.</summary>
public sealed class RetentionOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Retention";

    private static readonly TimeSpan Least = TimeSpan.FromDays(1);
    private static readonly TimeSpan Most = TimeSpan.FromDays(365);

    /// <summary>Time that the record of an upload is kept once its grant is over, and the state of a delivery once it was begun; 1 to 365 days.</summary>
    public TimeSpan Records { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether <see cref="Records"/> may be less than a day; for tests.</summary>
    public bool AllowShort { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Records > Most || Records < (AllowShort ? TimeSpan.Zero : Least))
        {
            yield return new ValidationResult($"Retention__Records is {Records}: expected 1.00:00:00 to 365.00:00:00.");
        }
    }
}
