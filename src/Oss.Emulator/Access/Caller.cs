using Oss.Protocol;

namespace Oss.Emulator.Access;

/// <summary>Who asks: a key that signed, or nobody in particular.</summary>
/// <param name="AccessKeyId">Id of the key; null for an anonymous caller.</param>
internal sealed record Caller(string? AccessKeyId)
{
    public static readonly Caller Anonymous = new((string?)null);

    public bool IsAnonymous => AccessKeyId is null;

    /// <summary>The caller that a signature tells of; a wrong signature is refused.</summary>
    public static Caller Of(SignatureVerification verification) =>
        verification.Error is { } error ? throw new OssException(error)
        : verification.Signer is { } signer ? new Caller(signer.Id)
        : Anonymous;
}
