using System.ComponentModel.DataAnnotations;

namespace OssCallbackFunctions.Limits;

/// <summary>How much each caller may be lent that has no limits of its own; all callers without a name are one. Not limited: nothing is counted.</summary>
public sealed class LimitsOptions : LimitSettings, IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Limits";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Faults(Section).Select(fault => new ValidationResult(fault));
}
