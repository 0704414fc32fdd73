using System.Collections.Concurrent;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Storage;

/// <summary>The buckets, each in a folder of its own.</summary>
internal sealed class BucketIndex
{
    // Folders on their way in and out; no bucket can be called like this.
    private const string Unfinished = ".unfinished-";
    private const string Removed = ".removed-";

    private readonly string _folder;
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly Lock _change = new();

    /// <summary>Opens the buckets of earlier runs, and makes those of <paramref name="wanted"/> that are not there yet.</summary>
    public BucketIndex(string folder, IEnumerable<string> wanted, DateTimeOffset now)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        foreach (var found in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(found);
            if (name.StartsWith(Removed, StringComparison.Ordinal) || name.StartsWith(Unfinished, StringComparison.Ordinal))
            {
                Directory.Delete(found, recursive: true);
            }
            else if (ObjectKey.IsValidBucket(name))
            {
                _buckets[name] = Bucket.Open(found, new BucketRecord { Name = name, Created = now });
            }
        }

        foreach (var name in wanted)
        {
            TryCreate(new BucketRecord { Name = name, Created = now });
        }
    }

    /// <summary>The buckets by name.</summary>
    public IEnumerable<Bucket> All => _buckets.Values.OrderBy(bucket => bucket.Name, StringComparer.Ordinal);

    public int Count => _buckets.Count;

    public Bucket? Find(string? name) => name is not null && _buckets.TryGetValue(name, out var bucket) ? bucket : null;

    /// <summary>Makes a bucket; false when there is one of that name.</summary>
    public bool TryCreate(BucketRecord record)
    {
        lock (_change)
        {
            if (_buckets.ContainsKey(record.Name))
            {
                return false;
            }

            _buckets[record.Name] = Bucket.Create(record, Path.Combine(_folder, record.Name), Path.Combine(_folder, Unfinished + Guid.NewGuid().ToString("N")));
            return true;
        }
    }

    /// <summary>Removes a bucket; false when something is in it.</summary>
    public bool TryDelete(Bucket bucket)
    {
        var moved = Path.Combine(_folder, Removed + Guid.NewGuid().ToString("N"));
        lock (_change)
        {
            if (Find(bucket.Name) != bucket)
            {
                throw Refusals.NoSuchBucket(bucket.Name);
            }

            if (!bucket.TryDelete(moved))
            {
                return false;
            }

            _buckets.TryRemove(bucket.Name, out _);
        }

        Discard(moved);
        return true;
    }

    // The bucket is gone already; what a reader or a virus scanner still holds goes at the next start.
    private static void Discard(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
