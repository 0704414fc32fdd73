namespace Oss.Protocol;

/// <summary>
/// Answers the same request again with the same temporary key, until that is about to end. Callers that ask at the same time share one call; a call that failed is forgotten, and the next
/// caller makes another. What is kept is bounded: the request that was not asked for the longest makes room. Safe for concurrent use.
/// </summary>
public sealed class TemporaryCredentialsCache
{
    private readonly Func<AssumeRoleRequest, CancellationToken, Task<TemporaryCredentials>> _assume;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _minimumLife;
    private readonly int _capacity;
    private readonly Lock _change = new();
    private readonly Dictionary<AssumeRoleRequest, LinkedListNode<Entry>> _entries = [];

    // From the one that was asked for last to the one that was not for the longest.
    private readonly LinkedList<Entry> _byUse = [];

    /// <summary>An empty cache in front of one way to assume roles.</summary>
    /// <param name="assume">Such as <see cref="StsClient.AssumeRoleAsync(AssumeRoleRequest, CancellationToken)"/>, or a function that reads a fresh token and calls <see cref="StsClient.AssumeRoleWithOidcAsync"/>. The caller's own
    /// token does not end the call, since others may wait for it too: it should end by itself.</param>
    /// <param name="clock">The time that tells how long a key has to live.</param>
    /// <param name="minimumLife">How much life a key that is answered from memory has left at least: from 0 to less than 900 s, the shortest life there is. Null: 5 minutes.</param>
    /// <param name="capacity">Most requests that are kept, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Life or capacity is none of these.</exception>
    public TemporaryCredentialsCache(
        Func<AssumeRoleRequest, CancellationToken, Task<TemporaryCredentials>> assume, TimeProvider clock, TimeSpan? minimumLife = null, int capacity = 1000)
    {
        _minimumLife = minimumLife ?? TimeSpan.FromMinutes(5);
        ArgumentOutOfRangeException.ThrowIfLessThan(_minimumLife, TimeSpan.Zero, nameof(minimumLife));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(_minimumLife, AssumeRoleRequest.MinDuration, nameof(minimumLife));
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _assume = assume;
        _clock = clock;
        _capacity = capacity;
    }

    /// <summary>A key for the request: one from memory with enough life left, or a new one.</summary>
    /// <param name="request">Equal requests get the same key.</param>
    /// <param name="cancellationToken">Ends this caller's waiting, not the call that others may wait for too.</param>
    /// <exception cref="OperationCanceledException">The caller did not want to wait any longer. All else is what the call itself throws.</exception>
    public Task<TemporaryCredentials> GetAsync(AssumeRoleRequest request, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TemporaryCredentials>(cancellationToken);
        }

        Entry entry;
        lock (_change)
        {
            entry = Find(request) ?? Add(request);
        }

        return entry.Call.Value.WaitAsync(cancellationToken);
    }

    private Entry? Find(AssumeRoleRequest request)
    {
        if (!_entries.TryGetValue(request, out var node))
        {
            return null;
        }

        _byUse.Remove(node);
        if (node.Value.Lent is { } lent && lent.Expiration - _clock.GetUtcNow() <= _minimumLife)
        {
            _entries.Remove(request);
            return null;
        }

        _byUse.AddFirst(node);
        return node.Value;
    }

    private Entry Add(AssumeRoleRequest request)
    {
        if (_entries.Count == _capacity)
        {
            _entries.Remove(_byUse.Last!.Value.Request);
            _byUse.RemoveLast();
        }

        var entry = new Entry(request, this);
        _entries.Add(request, _byUse.AddFirst(entry));
        return entry;
    }

    private void Forget(Entry entry)
    {
        lock (_change)
        {
            // It may have made room for another by now.
            if (_entries.TryGetValue(entry.Request, out var node) && node.Value == entry)
            {
                _entries.Remove(entry.Request);
                _byUse.Remove(node);
            }
        }
    }

    private sealed class Entry
    {
        public Entry(AssumeRoleRequest request, TemporaryCredentialsCache cache)
        {
            Request = request;
            // Begun outside the lock, by the first who waits for it.
            Call = new Lazy<Task<TemporaryCredentials>>(() =>
            {
                var call = CallAsync(cache);
                // If nobody waits any longer when it fails, that is no fault of the process.
                call.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return call;
            });
        }

        public AssumeRoleRequest Request { get; }

        public Lazy<Task<TemporaryCredentials>> Call { get; }

        /// <summary>What the call brought; null while it is under way.</summary>
        public TemporaryCredentials? Lent => Call.IsValueCreated && Call.Value.IsCompletedSuccessfully ? Call.Value.Result : null;

        private async Task<TemporaryCredentials> CallAsync(TemporaryCredentialsCache cache)
        {
            try
            {
                return await cache._assume(Request, CancellationToken.None).ConfigureAwait(false);
            }
            catch
            {
                cache.Forget(this);
                throw;
            }
        }
    }
}
