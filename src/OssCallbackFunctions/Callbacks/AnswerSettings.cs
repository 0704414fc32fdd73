using System.Text;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Callbacks;

/// <summary>Stops the start when a profile's answer has a field that is not known, or could become too long: OSS takes 1 MB and waits 5 s, and the uploader waits with it.</summary>
internal sealed class AnswerSettings : IValidateOptions<CallbackProfilesOptions>
{
    /// <summary>Name of the member that is always there.</summary>
    public const string State = "state";

    private const int MaxMembers = 32;
    private const int MaxFields = 32;
    private const int MaxName = 64;
    private const int MaxTextBytes = 4096;

    public ValidateOptionsResult Validate(string? name, CallbackProfilesOptions options)
    {
        var faults = options.Profiles.SelectMany(profile => Faults($"Uploads__Profiles__{profile.Key}__{nameof(CallbackProfileOptions.Answer)}", profile.Value)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(string setting, CallbackProfileOptions profile)
    {
        var fields = 0;
        foreach (var (member, text) in profile.Answer)
        {
            var (template, fault) = AnswerTemplate.Parse(text, profile);
            fields += template?.FieldCount ?? 0;
            if (member.Equals(State, StringComparison.OrdinalIgnoreCase) || member.Length is 0 or > MaxName)
            {
                yield return $"{setting} has '{member}': a member has a name of 1 to {MaxName} characters, and '{State}' is always there.";
            }

            if (fault is not null)
            {
                yield return $"{setting}__{member} is '{text}': {fault}.";
            }
        }

        if (profile.Answer.Count > MaxMembers || fields > MaxFields || profile.Answer.Values.Sum(Encoding.UTF8.GetByteCount) > MaxTextBytes)
        {
            yield return $"{setting} has {profile.Answer.Count} members with {fields} fields: at most {MaxMembers} with {MaxFields}, and {MaxTextBytes} bytes of text.";
        }
    }
}
