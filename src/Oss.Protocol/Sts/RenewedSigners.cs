namespace Oss.Protocol;

/// <summary>
/// Signers of temporary keys, each replaced before its key ends. A new key is asked for in the background when 40 to 50 % of the life of the present one is over, so that what is signed has at least half
/// of a key's life to go; one call at a time, whose outcome all share. While that fails, the present key serves until it ends, and the next attempt comes 1 to 30 s later. Safe for concurrent use.
/// </summary>
public sealed class RenewedSigners : ISignerSource
{
    // A caller waits for a key that is on its way only when the present one has no longer than this.
    private static readonly TimeSpan LeastLife = TimeSpan.FromMinutes(1);

    // Less than this is as good as nothing: no URL can be signed for it.
    private static readonly TimeSpan NoLife = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // When OSS refuses one key after the other, STS is not asked for another within this time.
    private static readonly TimeSpan BetweenRefusals = TimeSpan.FromSeconds(2);

    // All attempts of one call, and of the token that it may need.
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(100);

    private readonly Func<CancellationToken, Task<TemporaryCredentials>> _lend;
    private readonly string _region;
    private readonly TimeProvider _clock;
    private readonly Func<double> _jitter;
    private readonly Lock _change = new();
    private Held? _held;
    private Task _renewal = Task.CompletedTask;
    private RenewalFailure? _failure;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private DateTimeOffset _refusedAt = DateTimeOffset.MinValue;

    /// <summary>Signers of the keys that a function lends; nothing is called yet.</summary>
    /// <param name="lend">Such as <see cref="StsClient.AssumeRoleAsync(AssumeRoleRequest, CancellationToken)"/>.</param>
    /// <param name="region">Region id such as <c>cn-hangzhou</c>.</param>
    /// <param name="duration">The life that keys are asked for with.</param>
    /// <param name="clock">The time that tells how long a key has to live; when it is behind STS's, OSS's refusal tells.</param>
    /// <param name="jitter">Gives numbers from 0 to 1, so that instances that started together do not renew together.</param>
    public RenewedSigners(Func<CancellationToken, Task<TemporaryCredentials>> lend, string region, TimeSpan duration, TimeProvider clock, Func<double> jitter)
    {
        _lend = lend;
        _region = region;
        LongestLife = duration;
        _clock = clock;
        _jitter = jitter;
    }

    /// <inheritdoc/>
    public TimeSpan LongestLife { get; }

    /// <summary>The present signer, as it is, for whoever tells of it; null: there is none.</summary>
    public V4Signer? Present => Volatile.Read(ref _held)?.Signer;

    /// <summary>Why the last call brought no key; null: it did.</summary>
    public RenewalFailure? LastFailure => Volatile.Read(ref _failure);

    /// <inheritdoc/>
    public ValueTask<V4Signer> CurrentAsync(CancellationToken cancellationToken = default)
    {
        var (held, now) = (Volatile.Read(ref _held), _clock.GetUtcNow());
        if (held is null || held.Expires - now <= LeastLife)
        {
            return new ValueTask<V4Signer>(RenewedAsync(held, cancellationToken));
        }

        if (now >= held.RenewFrom)
        {
            Renew(held, now);
        }

        return new ValueTask<V4Signer>(held.Signer);
    }

    /// <inheritdoc/>
    public bool Refuse(V4Signer signer)
    {
        lock (_change)
        {
            // Otherwise it has been replaced meanwhile.
            if (_held?.Signer == signer)
            {
                var (now, before) = (_clock.GetUtcNow(), _refusedAt);
                _notBefore = now - before < BetweenRefusals ? before + BetweenRefusals : _notBefore;
                _refusedAt = now;
                _failure = new RenewalFailure(new InvalidOperationException("OSS refused the last key as unknown or ended."), now, 0);
                _held = null;
            }

            return true;
        }
    }

    private async Task<V4Signer> RenewedAsync(Held? seen, CancellationToken cancellationToken)
    {
        await Renew(seen, _clock.GetUtcNow()).WaitAsync(cancellationToken).ConfigureAwait(false);
        return Volatile.Read(ref _held) is { } held && held.Expires - _clock.GetUtcNow() > NoLife
            ? held.Signer
            : throw new AccessKeyUnavailableException($"There is no key to sign with: {LastFailure?.Exception.Message}", LastFailure?.Exception);
    }

    // The call under way, or a new one; after a failure none until its pause is over, nor when another caller's brought a key meanwhile.
    private Task Renew(Held? seen, DateTimeOffset now)
    {
        lock (_change)
        {
            if (_renewal.IsCompleted && now >= _notBefore && _held == seen)
            {
                _renewal = Task.Run(RenewAsync);
            }

            return _renewal;
        }
    }

    // Never throws: its outcome is what is held.
    private async Task RenewAsync()
    {
        using var timeout = new CancellationTokenSource(CallTimeout, _clock);
        var asked = _clock.GetUtcNow();
        try
        {
            var lent = await _lend(timeout.Token).WaitAsync(timeout.Token).ConfigureAwait(false);
            var life = lent.Expiration - asked;
            if (life <= NoLife)
            {
                throw new InvalidOperationException($"STS lent a key that ended at {lent.Expiration:O}: this machine's clock is wrong.");
            }

            lock (_change)
            {
                _held = new Held(new V4Signer(lent.Key, _region) { Expires = lent.Expiration }, lent.Expiration, asked + (life * (0.5 - (0.1 * _jitter()))));
                _failure = null;
                _notBefore = DateTimeOffset.MinValue;
            }
        }
        catch (Exception e)
        {
            lock (_change)
            {
                var failures = (_failure?.Times ?? 0) + 1;
                _failure = new RenewalFailure(e is OperationCanceledException ? new TimeoutException($"No key was lent within {CallTimeout.TotalSeconds:0} s.", e) : e, _clock.GetUtcNow(), failures);
                _notBefore = _failure.At + TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(failures - 1, 10))));
            }
        }
    }

    private sealed record Held(V4Signer Signer, DateTimeOffset Expires, DateTimeOffset RenewFrom);
}

/// <summary>A call that brought no key.</summary>
/// <param name="Exception">What it ended with.</param>
/// <param name="At">When.</param>
/// <param name="Times">How many calls failed since one brought a key.</param>
public sealed record RenewalFailure(Exception Exception, DateTimeOffset At, int Times);
