namespace Oss.Protocol;

/// <summary>
/// Gives the signer of the moment: ask when an operation begins, and again for each attempt of it. A <see cref="V4Signer"/> is one of a key that stays; <see cref="RenewedSigners"/> has
/// keys that pass. Safe for concurrent use.
/// </summary>
public interface ISignerSource
{
    /// <summary>Longest life of what any of the signers signs: 7 days with a permanent key, 12 hours with a temporary one, or the life of its keys if that is known.</summary>
    TimeSpan LongestLife { get; }

    /// <summary>A signer whose key has not ended. At once, unless there is none.</summary>
    /// <param name="cancellationToken">Ends this caller's waiting.</param>
    /// <exception cref="AccessKeyUnavailableException">There is no key.</exception>
    ValueTask<V4Signer> CurrentAsync(CancellationToken cancellationToken = default);

    /// <summary>Tells that OSS or STS refused the signer's key as unknown or ended. True: ask for another, of which there may be none at once; false: there is no other.</summary>
    bool Refuse(V4Signer signer);
}
