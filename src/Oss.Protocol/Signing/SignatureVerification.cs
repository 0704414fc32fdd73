namespace Oss.Protocol;

/// <summary>What came of checking a request's signature.</summary>
public sealed class SignatureVerification
{
    private SignatureVerification(AccessKey? signer, OssError? error)
    {
        Signer = signer;
        Error = error;
    }

    /// <summary>The request carries no signature.</summary>
    public static SignatureVerification Anonymous { get; } = new(null, null);

    /// <summary>The key that signed, when the signature is right.</summary>
    public AccessKey? Signer { get; }

    /// <summary>Why the request is refused, in OSS's words; null when it is right or anonymous.</summary>
    public OssError? Error { get; }

    /// <summary>Whether there is a signature and it is right.</summary>
    public bool IsValid => Signer is not null;

    internal static SignatureVerification By(AccessKey signer) => new(signer, null);

    internal static SignatureVerification Refused(OssErrorCode code, string message, string? ec, params IReadOnlyList<KeyValuePair<string, string>> details) =>
        new(null, new OssError(code, message, ec) { Details = details });
}
