using Microsoft.Extensions.Options;

namespace OssCallbackFunctions.Credentials;

/// <summary>Stops the start when profiles do not fit what else is set: the bucket of a custom domain, and the callers there are.</summary>
internal sealed class ProfileSettings(IOptions<OssOptions> oss, IOptions<StsOptions> sts, IOptions<Dictionary<string, CallerOptions>> callers) : IValidateOptions<UploadOptions>
{
    public ValidateOptionsResult Validate(string? name, UploadOptions options)
    {
        var faults = options.Profiles.SelectMany(profile => Faults(profile.Key, profile.Value)).Concat(callers.Value.SelectMany(caller => Faults(caller.Key, caller.Value))).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(string name, UploadProfileOptions profile)
    {
        if (oss.Value.CustomDomain && profile.Bucket is { } bucket && bucket != oss.Value.Bucket)
        {
            yield return $"Uploads__Profiles__{name}__Bucket is '{bucket}': a custom domain (Oss__CustomDomain) leads to '{oss.Value.Bucket}' alone.";
        }

        if (profile.Sts != StsScope.None && !sts.Value.IsSet)
        {
            yield return $"Uploads__Profiles__{name}__Sts is {profile.Sts}: Sts__Endpoint and Sts__RoleArn are missing.";
        }

        foreach (var caller in UploadProfile.Names(profile.Callers).Where(caller => !callers.Value.ContainsKey(caller)))
        {
            yield return $"Uploads__Profiles__{name}__Callers names '{caller}': there is no Callers__{caller}__KeySha256.";
        }
    }

    private static IEnumerable<string> Faults(string name, CallerOptions caller)
    {
        if (caller.KeySha256.Length != 64 || !caller.KeySha256.All(char.IsAsciiHexDigit))
        {
            yield return $"Callers__{name}__KeySha256 is not the SHA-256 of a key in 64 hex digits ('printf %s KEY | sha256sum').";
        }

        foreach (var fault in caller.Faults($"Callers__{name}"))
        {
            yield return fault;
        }
    }
}
