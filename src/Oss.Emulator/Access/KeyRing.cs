using Oss.Emulator.Sts;
using Oss.Protocol;

namespace Oss.Emulator.Access;

/// <summary>What came of looking a key up.</summary>
internal enum KeyStatus
{
    /// <summary>There is no such key.</summary>
    Unknown,

    /// <summary>The key is a temporary one and came without its token.</summary>
    TokenMissing,

    /// <summary>What came with the id is no token, or not one that this key has.</summary>
    TokenMalformed,

    /// <summary>The token is that of another key.</summary>
    TokenOfAnother,

    Expired,

    Valid,
}

/// <summary>A key that somebody named, and what its holder may do.</summary>
/// <param name="Status">Whether it is one, and its token the right one.</param>
/// <param name="Key">The key, when it is Valid.</param>
/// <param name="Rights">What it may do, when it is Valid.</param>
internal sealed record FoundKey(KeyStatus Status, AccessKey? Key = null, Rights? Rights = null);

/// <summary>All keys that the emulator knows: those of the options and those it lent itself.</summary>
/// <param name="options">The keys that stay.</param>
/// <param name="temporaryKeys">The keys that pass.</param>
/// <param name="policies">What they may do.</param>
internal sealed class KeyRing(OssEmulatorOptions options, TemporaryKeys temporaryKeys, RamPolicies policies)
{
    private readonly Dictionary<string, AccessKey> _keys = options.AccessKeys.ToDictionary(key => key.Id, StringComparer.Ordinal);

    /// <summary>Finds a key by its id and the token that came with it, as of now.</summary>
    public FoundKey Find(string accessKeyId, string? token)
    {
        if (_keys.TryGetValue(accessKeyId, out var key))
        {
            return (key.SecurityToken ?? "") == (token ?? "") ? new FoundKey(KeyStatus.Valid, key, policies.OfKey(key.Id))
                : new FoundKey(string.IsNullOrEmpty(token) ? KeyStatus.TokenMissing : KeyStatus.TokenMalformed);
        }

        var found = temporaryKeys.Find(accessKeyId, token, options.Clock.GetUtcNow());
        return found is { Status: KeyStatus.Valid, RoleArn: { } role } ? new FoundKey(found.Status, found.Key, policies.OfRole(role, found.SessionPolicy)) : new FoundKey(found.Status);
    }

    /// <summary>As <see cref="Find"/>, in OSS's words: a <see cref="FindAccessKey"/>.</summary>
    public KeyLookup LookUp(string accessKeyId, string? token) => Find(accessKeyId, token) switch
    {
        { Key: { } key } => KeyLookup.Found(key),
        { Status: KeyStatus.Unknown } => KeyLookup.UnknownKey(accessKeyId),
        { Status: KeyStatus.Expired } => KeyLookup.Refused(new OssError(OssErrorCode.SecurityTokenExpired, "The security token you provided has expired.")),
        _ => KeyLookup.WrongToken(),
    };

    /// <summary>What a key that signed may do; nothing, if it has ended meanwhile.</summary>
    public Rights RightsOf(AccessKey signer) => Find(signer.Id, signer.SecurityToken).Rights ?? Rights.None;
}
