using System.Collections.Concurrent;

namespace Oss.Emulator.Access;

/// <summary>The policies of keys and roles: at first those of the options.</summary>
internal sealed class RamPolicies
{
    private readonly ConcurrentDictionary<string, RamPolicy> _ofKeys;
    private readonly ConcurrentDictionary<string, RamPolicy> _ofRoles;
    private readonly HashSet<string> _keys;

    /// <summary>Reads them.</summary>
    /// <exception cref="ArgumentException">One is no policy; the message names its owner.</exception>
    public RamPolicies(OssEmulatorOptions options)
    {
        _ofKeys = Parse(options.AccessKeyPolicies, "AccessKey");
        _ofRoles = Parse(options.RolePolicies ?? new Dictionary<string, string>(), "Role");
        _keys = options.AccessKeys.Select(key => key.Id).ToHashSet(StringComparer.Ordinal);
        if (_ofKeys.Keys.FirstOrDefault(id => !_keys.Contains(id)) is { } stranger)
        {
            throw NoKey(stranger);
        }
    }

    /// <summary>Gives a key of the options another policy.</summary>
    /// <exception cref="ArgumentException">There is no such key, or it is no policy.</exception>
    public void SetOfKey(string accessKeyId, string json) => _ofKeys[_keys.Contains(accessKeyId) ? accessKeyId : throw NoKey(accessKeyId)] = Parse(json, "AccessKey", accessKeyId);

    /// <summary>Gives a role another policy; from then on only roles that have one are there.</summary>
    /// <exception cref="ArgumentException">It is no policy.</exception>
    public void SetOfRole(string roleArn, string json) => _ofRoles[roleArn] = Parse(json, "Role", roleArn);

    /// <summary>What a key of the options may do: without a policy, everything.</summary>
    public Rights OfKey(string accessKeyId) => _ofKeys.TryGetValue(accessKeyId, out var policy) ? new Rights(policy) : Rights.Unlimited;

    /// <summary>Whether there is such a role: any, unless the options name some.</summary>
    public bool HasRole(string roleArn) => _ofRoles.IsEmpty || _ofRoles.ContainsKey(roleArn);

    /// <summary>What a role may do in a session; one that is no more there may do nothing.</summary>
    public Rights OfRole(string roleArn, RamPolicy? session) =>
        _ofRoles.IsEmpty ? new Rights(null, session) : new Rights(_ofRoles.GetValueOrDefault(roleArn, RamPolicy.Empty), session);

    private static ConcurrentDictionary<string, RamPolicy> Parse(IReadOnlyDictionary<string, string> policies, string kind) =>
        new(policies.Select(policy => KeyValuePair.Create(policy.Key, Parse(policy.Value, kind, policy.Key))), StringComparer.Ordinal);

    private static RamPolicy Parse(string json, string kind, string name) =>
        RamPolicy.TryParse(json, out var parsed, out var fault) ? parsed : throw new ArgumentException($"The policy of {kind} '{name}' cannot be: {fault.Message}");

    private static ArgumentException NoKey(string accessKeyId) => new($"AccessKey '{accessKeyId}' has a policy but is none of the keys.");
}
