namespace Oss.Emulator.Access;

/// <summary>The policies that the options give to keys and roles.</summary>
internal sealed class RamPolicies
{
    private readonly Dictionary<string, RamPolicy> _ofKeys;
    private readonly Dictionary<string, RamPolicy> _ofRoles;

    /// <summary>Reads them.</summary>
    /// <exception cref="ArgumentException">One is no policy; the message names its owner.</exception>
    public RamPolicies(OssEmulatorOptions options)
    {
        _ofKeys = Parse(options.AccessKeyPolicies, "AccessKey");
        _ofRoles = Parse(options.RolePolicies ?? new Dictionary<string, string>(), "Role");
        if (_ofKeys.Keys.Except(options.AccessKeys.Select(key => key.Id)).FirstOrDefault() is { } stranger)
        {
            throw new ArgumentException($"AccessKey '{stranger}' has a policy but is none of the keys.");
        }
    }

    /// <summary>What a key of the options may do: without a policy, everything.</summary>
    public Rights OfKey(string accessKeyId) => _ofKeys.TryGetValue(accessKeyId, out var policy) ? new Rights(policy) : Rights.Unlimited;

    /// <summary>Whether there is such a role: any, unless the options name some.</summary>
    public bool HasRole(string roleArn) => _ofRoles.Count == 0 || _ofRoles.ContainsKey(roleArn);

    /// <summary>What a role may do in a session; one that is no more there may do nothing.</summary>
    public Rights OfRole(string roleArn, RamPolicy? session) =>
        _ofRoles.Count == 0 ? new Rights(null, session) : new Rights(_ofRoles.GetValueOrDefault(roleArn, RamPolicy.Empty), session);

    private static Dictionary<string, RamPolicy> Parse(IReadOnlyDictionary<string, string> policies, string kind) => policies.ToDictionary(
        policy => policy.Key,
        policy => RamPolicy.TryParse(policy.Value, out var parsed, out var fault) ? parsed : throw new ArgumentException($"The policy of {kind} '{policy.Key}' cannot be: {fault.Message}"),
        StringComparer.Ordinal);
}
