namespace OssCallbackFunctions.Callbacks;

/// <summary>The outcome of checking a callback.</summary>
public enum CallbackVerification
{
    /// <summary>Genuine, ours, and the object is there as said.</summary>
    Verified,

    /// <summary>The key URL is none of OSS's, or its key cannot be had.</summary>
    KeyRefused,

    /// <summary>The signature is missing or wrong.</summary>
    SignatureRefused,

    /// <summary>Signed by OSS, but the body is not what our template makes.</summary>
    BodyRefused,

    /// <summary>Signed by OSS, but not about a credential we lent for this bucket and key.</summary>
    GrantForged,

    /// <summary>About a credential of ours, but too late.</summary>
    GrantExpired,

    /// <summary>The credential was used before, for an object with another content.</summary>
    GrantUsed,

    /// <summary>The object in our bucket is not the one the callback tells of.</summary>
    ObjectDiffers,

    /// <summary>The object could not be looked at in time.</summary>
    StorageCheckFailed,
}
