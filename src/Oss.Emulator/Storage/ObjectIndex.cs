using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Oss.Emulator.Http;

namespace Oss.Emulator.Storage;

/// <summary>The objects of a bucket: in memory to be found, on disk to be kept. The rename of an object's record is the moment at which it exists.</summary>
internal sealed class ObjectIndex
{
    private readonly string _bucket;
    private readonly string _folder;
    private readonly SegmentFolder _segments;
    private readonly SegmentOwners _owners;
    private readonly ConcurrentDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly Lock _change = new();
    private bool _closed;

    public ObjectIndex(string bucket, string folder, SegmentFolder segments)
    {
        _bucket = bucket;
        _folder = folder;
        _segments = segments;
        _owners = new SegmentOwners(segments);
        Directory.CreateDirectory(folder);
        RecordFile.RemoveUnfinished(folder);
    }

    /// <summary>The keys in OSS's order.</summary>
    public KeyOrder Keys { get; } = new();

    /// <summary>What is known of the objects, in no order.</summary>
    public IEnumerable<ObjectRecord> Records => _objects.Values.Select(stored => stored.Record);

    /// <summary>What is known of the object of that key; null when there is none. Its bytes may be gone by the time they are asked for: <see cref="Hold"/> keeps them.</summary>
    public ObjectRecord? Find(string key) => _objects.GetValueOrDefault(key)?.Record;

    public bool Contains(string key) => _objects.ContainsKey(key);

    /// <summary>The object of that key, held for reading; null when there is none.</summary>
    public ObjectLease? Hold(string key)
    {
        while (_objects.TryGetValue(key, out var found))
        {
            // No lease: replaced between the two steps, so look again.
            if (found.TryHold() is { } lease)
            {
                return lease;
            }
        }

        return null;
    }

    /// <summary>Makes the record the object of its key, and drops the one before.</summary>
    public void Publish(ObjectRecord record, bool forbidOverwrite)
    {
        var path = PathOf(record.Key);
        var temporary = Prepare(path, record);
        StoredObject? before;
        lock (_change)
        {
            if (_closed)
            {
                // Another bucket may have taken the name, and the folder, since; or the folder is gone with all that was in it.
                RecordFile.Discard(temporary);
                throw Refusals.NoSuchBucket(_bucket);
            }

            if (_objects.TryGetValue(record.Key, out before) && forbidOverwrite)
            {
                RecordFile.Discard(temporary);
                throw Refusals.FileAlreadyExists();
            }

            RecordFile.Publish(temporary, path);
            _objects[record.Key] = Stored(record);
            Keys.Add(record.Key);
        }

        before?.Release();
    }

    /// <summary>Publishes a record that shares all its segments with another object of the bucket: a copy without copying.</summary>
    /// <param name="record">The record.</param>
    /// <param name="source">A hold on the object it shares them with.</param>
    /// <param name="forbidOverwrite">Whether an object of its key is a refusal.</param>
    public void PublishShared(ObjectRecord record, ObjectLease source, bool forbidOverwrite)
    {
        var segments = source.Record.Segments;
        _owners.Share(segments);
        try
        {
            Publish(record, forbidOverwrite);
        }
        catch
        {
            _owners.Release(segments);
            throw;
        }
    }

    /// <summary>Makes another record of the object of that key, in one step: what it keeps of the segments is not written again.</summary>
    /// <param name="key">The key.</param>
    /// <param name="change">The new record from the one there is, or from null; throws to leave things as they are.</param>
    public ObjectRecord Change(string key, Func<ObjectRecord?, ObjectRecord> change)
    {
        StoredObject? before;
        ObjectRecord after;
        lock (_change)
        {
            if (_closed)
            {
                throw Refusals.NoSuchBucket(_bucket);
            }

            before = _objects.GetValueOrDefault(key);
            after = change(before?.Record);
            if (ReferenceEquals(after, before?.Record))
            {
                return after;
            }

            RecordFile.Write(PathOf(key), after, RecordJson.Default.ObjectRecord);
            if (before is not null)
            {
                _owners.Share(after.Segments.Intersect(before.Record.Segments));
            }

            _objects[key] = Stored(after);
            Keys.Add(key);
        }

        before?.Release();
        return after;
    }

    /// <summary>Removes the object of that key, if there is one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="check">Sees the object first; throws to keep it.</param>
    public void Remove(string key, Action<ObjectRecord?>? check = null)
    {
        StoredObject? removed;
        lock (_change)
        {
            check?.Invoke(_objects.GetValueOrDefault(key)?.Record);
            if (_objects.TryRemove(key, out removed))
            {
                File.Delete(PathOf(key));
                Keys.Remove(key);
            }
        }

        removed?.Release();
    }

    /// <summary>Takes no more objects, if there are none and the rest agrees; false when it stays open.</summary>
    /// <param name="rest">Asked while no object can come; whether what else is in the bucket is closed now.</param>
    public bool TryClose(Func<bool> rest)
    {
        lock (_change)
        {
            return _closed = _objects.IsEmpty && rest();
        }
    }

    public void Reopen()
    {
        lock (_change)
        {
            _closed = false;
        }
    }

    /// <summary>Reads the records of an earlier run. One whose bytes are not all there is dropped.</summary>
    /// <returns>The names of the segments in use.</returns>
    public HashSet<string> Load(Dictionary<string, long> segmentSizes)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(_folder, "*.json"))
        {
            if (RecordFile.TryRead(file, RecordJson.Default.ObjectRecord) is { } record
                && record.Segments.All(segment => segmentSizes.GetValueOrDefault(segment.Name, -1) == segment.Size))
            {
                _objects[record.Key] = Stored(record.Current());
                Keys.Add(record.Key);
                _owners.Share(record.Segments.Where(segment => !used.Add(segment.Name)));
            }
            else
            {
                File.Delete(file);
            }
        }

        return used;
    }

    private StoredObject Stored(ObjectRecord record) => new(record, _segments, _owners);

    private string Prepare(string path, ObjectRecord record)
    {
        try
        {
            return RecordFile.Prepare(path, record, RecordJson.Default.ObjectRecord);
        }
        catch (DirectoryNotFoundException)
        {
            throw Refusals.NoSuchBucket(_bucket);
        }
    }

    // Keys may be longer than file names and hold anything; their hash is neither.
    private string PathOf(string key) => Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))) + ".json");
}
