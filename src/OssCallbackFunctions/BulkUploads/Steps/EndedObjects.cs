namespace OssCallbackFunctions.BulkUploads;

/// <summary>Objects of a page that have ended, saved and counted together, a second's at a time: who dies leaves no more than those to be stored again, and a small object costs next to no request of its own.</summary>
internal sealed class EndedObjects(string jobId, UploadObjectCounting counting, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _saving = new(1);
    private readonly Lock _lock = new();
    private List<UploadObject> _ended = [];
    private long _saved = clock.GetTimestamp();

    /// <summary>How many were counted.</summary>
    public int Counted { get; private set; }

    /// <summary>Adds one, and saves all when the last time was a second ago.</summary>
    public Task AddAsync(UploadObject ended)
    {
        lock (_lock)
        {
            _ended.Add(ended);
            if (clock.GetElapsedTime(_saved) < Pause)
            {
                return Task.CompletedTask;
            }

            _saved = clock.GetTimestamp();
        }

        return SaveAsync();
    }

    /// <summary>Saves those that were added.</summary>
    public async Task SaveAsync()
    {
        await _saving.WaitAsync();
        try
        {
            List<UploadObject> ended;
            lock (_lock)
            {
                (ended, _ended) = (_ended, []);
            }

            // Not to be given up: they are stored. It takes as long as the storage account's client gives it.
            if (ended.Count > 0 && await counting.EndAsync(jobId, ended, CancellationToken.None))
            {
                Counted += ended.Count;
            }
        }
        finally
        {
            _saving.Release();
        }
    }

    public void Dispose() => _saving.Dispose();
}
