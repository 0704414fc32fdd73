namespace Oss.Emulator.Storage;

/// <summary>The keys of a bucket in the order in which OSS lists them, that of their UTF-8 bytes: a page costs what it holds, however many keys there are.</summary>
internal sealed class KeyOrder
{
    private readonly SortedSet<string> _keys = new(Comparer<string>.Create(Compare));
    private readonly Lock _lock = new();

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _keys.Count;
            }
        }
    }

    /// <summary>Adds a key; one that is there already stays.</summary>
    public void Add(string key)
    {
        lock (_lock)
        {
            _keys.Add(key);
        }
    }

    public void Remove(string key)
    {
        lock (_lock)
        {
            _keys.Remove(key);
        }
    }

    /// <summary>The first key from a place on; null when there is none.</summary>
    /// <param name="from">The place; no key has to be there.</param>
    /// <param name="inclusive">Whether a key at that very place counts.</param>
    public string? First(string from, bool inclusive)
    {
        lock (_lock)
        {
            if (_keys.Max is not { } last || Compare(from, last) > 0)
            {
                return null;
            }

            foreach (var key in _keys.GetViewBetween(from, last))
            {
                if (inclusive || key != from)
                {
                    return key;
                }
            }

            return null;
        }
    }

    /// <summary>Compares by UTF-8 bytes, which is by code points. Ordinal comparison of strings is not: it puts surrogates, so all above U+FFFF, before U+E000.</summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        return common == left.Length || common == right.Length ? left.Length.CompareTo(right.Length) : Weight(left[common]) - Weight(right[common]);
    }

    /// <summary>The least text that is greater than everything that begins with the prefix; null when nothing is.</summary>
    public static string? After(string prefix)
    {
        var runes = prefix.EnumerateRunes().ToArray();
        for (var last = runes.Length - 1; last >= 0; last--)
        {
            if (runes[last].Value < 0x10FFFF)
            {
                var next = runes[last].Value == 0xD7FF ? 0xE000 : runes[last].Value + 1;
                return string.Concat(runes[..last].Append(new System.Text.Rune(next)).Select(rune => rune.ToString()));
            }
        }

        return null;
    }

    private static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
