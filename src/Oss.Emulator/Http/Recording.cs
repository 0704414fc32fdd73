using System.Collections.Concurrent;

namespace Oss.Emulator.Http;

/// <summary>The latest entries, in order; safe for concurrent use.</summary>
internal sealed class Recording<T>
{
    private const int Capacity = 100_000;
    private readonly ConcurrentQueue<T> _entries = new();

    public IReadOnlyList<T> Entries => [.. _entries];

    /// <summary>The latest of them, the last one first.</summary>
    public IEnumerable<T> Last(int count) => _entries.ToArray().TakeLast(count).Reverse();

    public void Add(T entry)
    {
        _entries.Enqueue(entry);
        while (_entries.Count > Capacity)
        {
            _entries.TryDequeue(out _);
        }
    }
}
