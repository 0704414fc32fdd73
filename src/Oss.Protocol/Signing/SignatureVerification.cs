namespace Oss.Protocol;

/// <summary>What came of checking a request's signature.</summary>
public sealed class SignatureVerification
{
    private SignatureVerification(SignatureScheme scheme, AccessKey? signer, OssError? error)
    {
        Scheme = scheme;
        Signer = signer;
        Error = error;
    }

    /// <summary>The request carries no signature.</summary>
    public static SignatureVerification Anonymous { get; } = new(SignatureScheme.None, null, null);

    /// <summary>What the request presented, also when it was refused.</summary>
    public SignatureScheme Scheme { get; }

    /// <summary>The key that signed, when the signature is right.</summary>
    public AccessKey? Signer { get; }

    /// <summary>Why the request is refused, in OSS's words; null when it is right or anonymous.</summary>
    public OssError? Error { get; }

    /// <summary>Whether there is a signature and it is right.</summary>
    public bool IsValid => Signer is not null;

    /// <summary>The signature is right.</summary>
    /// <param name="signer">The key that signed.</param>
    /// <param name="scheme">How it signed.</param>
    public static SignatureVerification By(AccessKey signer, SignatureScheme scheme) => new(scheme, signer, null);

    /// <summary>The request is refused.</summary>
    /// <param name="error">Why, in OSS's words.</param>
    /// <param name="scheme">What the request presented.</param>
    public static SignatureVerification Refused(OssError error, SignatureScheme scheme = SignatureScheme.None) => new(scheme, null, error);

    /// <summary>By the key that was found to have signed, or refused.</summary>
    internal static SignatureVerification Of(KeyLookup signer, SignatureScheme scheme) =>
        signer.Error is { } error ? Refused(error, scheme) : By(signer.Key!, scheme);
}
