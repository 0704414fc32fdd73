namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Finds keys that come twice in one pass, such as a dry run's: 16 to 32 bytes a key, at most 64 MiB (half as much more while it grows). Beyond <see cref="MaxKeys"/> it takes no more and says so. It goes by 64 bits of a
/// hash: among 4 million keys the chance of one false alarm is below one in a million, and none is missed.
/// </summary>
internal sealed class KeyCollisions(int most = KeyCollisions.MaxKeys)
{
    /// <summary>Keys that are remembered.</summary>
    public const int MaxKeys = 4 * 1024 * 1024;

    private ulong[] _slots = new ulong[1024];
    private int _count;

    /// <summary>Keys that were not looked at, since there was no room.</summary>
    public long Unchecked { get; private set; }

    /// <summary>Takes a key; whether it was there before.</summary>
    public bool IsRepeat(string key)
    {
        // 0 is an empty slot.
        var hash = Math.Max(KeyHash.Short(key), 1UL);
        if (_count == most)
        {
            var known = _slots[Find(_slots, hash)] == hash;
            Unchecked += known ? 0 : 1;
            return known;
        }

        if (2 * _count >= _slots.Length)
        {
            Grow();
        }

        var slot = Find(_slots, hash);
        if (_slots[slot] == hash)
        {
            return true;
        }

        _slots[slot] = hash;
        _count++;
        return false;
    }

    private void Grow()
    {
        var grown = new ulong[_slots.Length * 2];
        foreach (var hash in _slots.Where(hash => hash != 0))
        {
            grown[Find(grown, hash)] = hash;
        }

        _slots = grown;
    }

    // The slot that has the hash, or that it belongs in.
    private static int Find(ulong[] slots, ulong hash)
    {
        var mask = slots.Length - 1;
        var slot = (int)(hash & (ulong)mask);
        while (slots[slot] != 0 && slots[slot] != hash)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }
}
