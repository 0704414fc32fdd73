using System.Collections.ObjectModel;
using System.Text;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>
/// The variables of a profile: what an application wants to know again when its upload is told of. A caller gives values for those that the profile names, which has one for the rest.
/// </summary>
internal static class UploadVariables
{
    /// <summary>Most bytes of UTF-8 that the values of an upload have together.</summary>
    public const int MaxBytes = 1024;

    private const int MaxCount = 10;
    private const int MaxNameLength = 32;
    private const int MaxValueBytes = 256;

    /// <summary>What is wrong with a profile's variables, each named by <paramref name="setting"/>.</summary>
    public static IEnumerable<string> Faults(string setting, UploadProfileOptions profile)
    {
        var variables = profile.Variables;
        if (variables.Count > MaxCount)
        {
            yield return $"{setting} has {variables.Count} variables: at most {MaxCount}.";
        }

        foreach (var (name, value) in variables)
        {
            if (name.Length is 0 or > MaxNameLength || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            {
                yield return $"{setting}__{name}: a variable's name has 1 to {MaxNameLength} of a-z 0-9 _.";
            }
            else if (FaultOf(value) is { } fault)
            {
                yield return $"{setting}__{name}: {fault}.";
            }
        }

        if (Bytes(variables.Values) > profile.VariableRoom)
        {
            yield return $"{setting}: the values have {Bytes(variables.Values)} bytes together, and there is room for {Math.Max(0, profile.VariableRoom)}: "
                + "OSS takes 5 KB for a callback, which has them once for each of Callbacks__PublicBaseUrl and Callbacks__FallbackBaseUrls.";
        }
    }

    /// <summary>The variables of an upload.</summary>
    /// <param name="asked">What the caller gives; null: nothing.</param>
    /// <param name="profile">Whose variables they are.</param>
    /// <returns>All of the profile's variables.</returns>
    public static Outcome<Dictionary<string, string>> Of(IReadOnlyDictionary<string, string>? asked, UploadProfile profile)
    {
        var variables = new Dictionary<string, string>(profile.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in asked ?? ReadOnlyDictionary<string, string>.Empty)
        {
            if (!variables.ContainsKey(name))
            {
                return Problem.InvalidVariables.With($"Profile '{profile.Name}' has no variable '{name}'.");
            }

            // JSON may have null for a string.
            if (value is null || FaultOf(value) is not null)
            {
                return Problem.InvalidVariables.With($"'{name}': {FaultOf(value)}.");
            }

            variables[name] = value;
        }

        return Bytes(variables.Values) <= profile.VariableRoom ? variables : Problem.InvalidVariables.With($"The values have at most {profile.VariableRoom} bytes of UTF-8 together.");
    }

    private static string? FaultOf(string? value) =>
        value is null ? "a value is text"
        : Encoding.UTF8.GetByteCount(value) > MaxValueBytes ? $"a value has at most {MaxValueBytes} bytes of UTF-8"
        : value.Any(char.IsControl) ? "a value has no control characters"
        : null;

    private static int Bytes(IEnumerable<string> values) => values.Sum(Encoding.UTF8.GetByteCount);
}
