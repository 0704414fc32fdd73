using System.Collections.Concurrent;

namespace Oss.Emulator.Storage;

/// <summary>The buckets, each in a folder of its own.</summary>
internal sealed class BucketIndex
{
    // No bucket can be called like this.
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
            if (name.StartsWith(Removed, StringComparison.Ordinal))
            {
                Directory.Delete(found, recursive: true);
                continue;
            }

            _buckets[name] = Bucket.Open(found, new BucketRecord { Name = name, Created = now });
        }

        foreach (var name in wanted)
        {
            TryCreate(new BucketRecord { Name = name, Created = now });
        }
    }

    /// <summary>The buckets by name.</summary>
    public IEnumerable<Bucket> All => _buckets.Values.OrderBy(bucket => bucket.Name, StringComparer.Ordinal);

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

            _buckets[record.Name] = Bucket.Create(record, Path.Combine(_folder, record.Name));
            return true;
        }
    }

    /// <summary>Removes a bucket; false when something is in it.</summary>
    public bool TryDelete(Bucket bucket)
    {
        lock (_change)
        {
            return bucket.TryDelete(Path.Combine(_folder, Removed + Guid.NewGuid().ToString("N"))) && _buckets.TryRemove(KeyValuePair.Create(bucket.Name, bucket));
        }
    }
}
