namespace Oss.Protocol;

/// <summary>What came of looking a key up: the key, or OSS's refusal. One of the two is set; neither counts as an unknown key, and a refusal wins over a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Error">Why there is none.</param>
public readonly record struct KeyLookup(AccessKey? Key, OssError? Error)
{
    /// <summary>The key that the id and the token belong to.</summary>
    public static KeyLookup Found(AccessKey key) => new(key, null);

    /// <summary>A refusal in OSS's words.</summary>
    public static KeyLookup Refused(OssError error) => new(null, error);

    /// <summary>403 InvalidAccessKeyId: no key has this id, or it is disabled. Source: OSS documentation, EC page 0002-00000902.</summary>
    /// <param name="accessKeyId">The id, which the refusal repeats.</param>
    public static KeyLookup UnknownKey(string accessKeyId) => Refused(
        new OssError(OssErrorCode.InvalidAccessKeyId, "The OSS Access Key Id you provided does not exist in our records.", "0002-00000902")
        {
            Details = [new("OSSAccessKeyId", accessKeyId)],
        });

    /// <summary>403 InvalidSecurityToken: the token is not the key's, is missing, or comes with a permanent key.</summary>
    public static KeyLookup WrongToken() => Refused(new OssError(OssErrorCode.InvalidSecurityToken, "The security token you provided is invalid."));

    /// <summary>Looks keys up by id, and holds the request's token against the key's.</summary>
    internal static FindAccessKey ById(Func<string, AccessKey?> findKey) => (id, token) =>
        findKey(id) is not { } key ? UnknownKey(id)
        : SignatureChecks.SameText(key.SecurityToken ?? "", token ?? "") ? Found(key)
        : WrongToken();
}
