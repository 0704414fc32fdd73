namespace Oss.Emulator.Storage;

/// <summary>An object that can be read. It owns its segments until it has been replaced or deleted and the last reader has gone.</summary>
internal sealed class StoredObject
{
    private readonly SegmentFolder _segments;
    private readonly SegmentOwners _owners;
    private int _holders = 1;

    public StoredObject(ObjectRecord record, SegmentFolder segments, SegmentOwners owners)
    {
        Record = record;
        _segments = segments;
        _owners = owners;
    }

    public ObjectRecord Record { get; }

    /// <summary>Keeps the segments for a reader; null when they are gone already.</summary>
    public ObjectLease? TryHold()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0; holders = Volatile.Read(ref _holders))
        {
            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
            {
                return new ObjectLease(this, _segments);
            }
        }

        return null;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _owners.Release(Record.Segments);
        }
    }
}
