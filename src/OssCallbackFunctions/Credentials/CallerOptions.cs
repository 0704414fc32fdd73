using OssCallbackFunctions.Limits;

namespace OssCallbackFunctions.Credentials;

/// <summary>A caller that the application tells apart from others, beyond the function key that all have. It may have limits of its own.</summary>
public sealed class CallerOptions : LimitSettings
{
    /// <summary>Name of the configuration section: a dictionary by the callers' names.</summary>
    public const string Section = "Callers";

    /// <summary>SHA-256 of the caller's key, 64 hex digits: the key itself stays with the caller, who sends it as <c>x-caller-key</c>.</summary>
    public string KeySha256 { get; set; } = "";

    /// <summary>Takes out those without any setting, as the sample has one: no callers.</summary>
    internal static void RemoveEmpty(Dictionary<string, CallerOptions> callers)
    {
        foreach (var (name, caller) in callers)
        {
            if (caller.KeySha256.Length == 0 && (caller.CredentialsPerMinute, caller.BytesPerDay, caller.OpenMultiparts) == (null, null, null))
            {
                callers.Remove(name);
            }
        }
    }
}
