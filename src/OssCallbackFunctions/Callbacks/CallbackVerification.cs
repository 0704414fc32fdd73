using OssCallbackFunctions.Grants;

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

    /// <summary>The body is larger than any of ours.</summary>
    BodyTooLarge,

    /// <summary>Signed by OSS, but the body is not what our template makes.</summary>
    BodyRefused,

    /// <summary>Signed by OSS, but not about a credential we lent for this bucket and key.</summary>
    GrantForged,

    /// <summary>About a credential of ours, but too late.</summary>
    GrantExpired,

    /// <summary>The credential was used before, for an object with another content.</summary>
    GrantUsed,

    /// <summary>The ledger came first and told of the object as another upload's, lent for the same key.</summary>
    ObjectTold,

    /// <summary>The object in our bucket is not the one the callback tells of.</summary>
    ObjectDiffers,

    /// <summary>Genuine and ours, but the object could not be looked at, or not be recorded, in time: that goes on, and the ledger sees to it.</summary>
    Pending,

    /// <summary>The object could not be looked at, or not be recorded, in time, and nothing is in the ledger.</summary>
    StorageCheckFailed,
}

/// <summary>What became of a callback.</summary>
/// <param name="Verification">The outcome.</param>
/// <param name="Grant">The grant when it is ours.</param>
/// <param name="Callback">What the callback says; null when it was not read or is not believed.</param>
/// <param name="Told">What was told on; only when it is Verified.</param>
public sealed record CallbackOutcome(CallbackVerification Verification, UploadGrant? Grant = null, UploadCallback? Callback = null, UploadEventData? Told = null);
