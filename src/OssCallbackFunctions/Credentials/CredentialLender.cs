using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Limits;
using OssCallbackFunctions.Replies;

namespace OssCallbackFunctions.Credentials;

/// <summary>Hands credentials out. Before anybody has one, it is counted for its caller, and in the ledger: what is not in the ledger is not lent.</summary>
public sealed class CredentialLender(UploadLimits limits, UploadLedger ledger, CredentialMetrics metrics)
{
    /// <summary>Lends what was signed.</summary>
    /// <param name="signed">The credential, or why there is none.</param>
    /// <param name="caller">Name of who asks; null: one of no name.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal Task<Outcome<T>> LendAsync<T>(Outcome<T> signed, string? caller, CancellationToken cancellationToken)
        where T : class, ILentCredential =>
        signed.Value is { } lent ? LendAsync(lent.Entry!.Profile, lent.MaxBytes, () => Task.FromResult(signed), caller, cancellationToken) : Task.FromResult(signed);

    /// <summary>Lends what somebody else makes, when there is room for it.</summary>
    /// <param name="profile">Name of the profile.</param>
    /// <param name="bytes">Most bytes that can be uploaded with it.</param>
    /// <param name="make">Makes the credential.</param>
    /// <param name="caller">Name of who asks; null: one of no name.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal Task<Outcome<T>> LendAsync<T>(string profile, long bytes, Func<Task<Outcome<T>>> make, string? caller, CancellationToken cancellationToken)
        where T : class, ILentCredential =>
        limits.WithinAsync(caller, new UploadUse(bytes), async _ =>
        {
            var made = await make();
            if (made.Value?.Entry is { } entry)
            {
                await ledger.ArmAsync(entry, cancellationToken);
            }

            if (made.Value is not null)
            {
                metrics.CountLent<T>(profile);
                CredentialTrace.Lent(made.Value.Entry);
            }

            return made;
        });
}
