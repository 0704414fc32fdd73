using System.ComponentModel.DataAnnotations;

namespace OssCallbackFunctions.Grants;

/// <summary>What profiles say of the callback, in the section that has their terms.</summary>
public sealed class CallbackProfilesOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Uploads";

    /// <summary>Profiles by name.</summary>
    public Dictionary<string, CallbackProfileOptions> Profiles { get; set; } = [];

    /// <summary>What a profile says of the callback; for one that there is not: nothing.</summary>
    internal CallbackProfileOptions Of(string profile) => Profiles.GetValueOrDefault(profile) ?? new CallbackProfileOptions();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from profile in Profiles
        from field in profile.Value.Fields
        where !CallbackFields.All.Contains(field, StringComparer.Ordinal)
        select new ValidationResult($"Uploads__Profiles__{profile.Key}__CallbackFields has '{field}': expected some of {string.Join(", ", CallbackFields.All)}, separated by ;.");
}

/// <summary>What one profile says of the callback.</summary>
public class CallbackProfileOptions
{
    /// <summary>What OSS is to tell beside the object itself, separated by <c>;</c>; see <see cref="Grants.CallbackFields"/>. Null: nothing.</summary>
    public string? CallbackFields { get; set; }

    /// <summary>What the uploader is answered: members with templates of their values, such as <c>{id}</c> or <c>https://cdn.example.com/{key}</c>. Empty: the usual answer.</summary>
    public Dictionary<string, string> Answer { get; set; } = [];

    /// <summary>Variables that come back when an upload is told of, with the values that count when the caller gives none: at most 10, names of a-z 0-9 _. An answer may name them.</summary>
    public Dictionary<string, string> Variables { get; set; } = [];

    internal IReadOnlyList<string> Fields =>
        [.. (CallbackFields ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
