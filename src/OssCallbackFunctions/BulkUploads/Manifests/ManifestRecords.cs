using System.Buffers;

namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// Cuts a stream into lines, or with <see cref="Separator"/> set into CSV records, and knows the byte each begins at. The readers of CSV libraries count characters, and hold a record as
/// long as it may be; here it takes 128 KiB whatever comes.
/// </summary>
internal sealed class ManifestRecords(Stream stream, long start) : IDisposable
{
    /// <summary>Most bytes of a record, without its line end.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int KeptOfLongOnes = 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(2 * MaxBytes);
    private readonly byte[] _kept = new byte[KeptOfLongOnes];
    private int _from;
    private int _to;
    private long _position = start;

    /// <summary>Separator of CSV fields; null: each line break ends a record.</summary>
    public byte? Separator { get; set; }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>The next bytes, as many as there are up to <paramref name="count"/>, without taking them.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        while (_to - _from < count && await FillAsync(cancellationToken))
        {
        }

        return _buffer.AsMemory(_from, Math.Min(count, _to - _from));
    }

    /// <summary>Takes bytes that were seen by <see cref="PeekAsync"/>.</summary>
    public void Skip(int count)
    {
        _from += count;
        _position += count;
    }

    /// <summary>The next record, also an empty one; null at the end of the stream. Its bytes are good until the next call.</summary>
    public async ValueTask<ManifestRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        var start = _position;
        var end = new RecordEnd(Separator);
        var scanned = 0;
        var kept = 0;
        while (true)
        {
            var found = end.Find(_buffer.AsSpan(_from + scanned, _to - _from - scanned));
            if (found >= 0)
            {
                return Take(start, scanned + found, 1, kept);
            }

            scanned = _to - _from;
            if (scanned > MaxBytes + 1)
            {
                kept = kept > 0 ? kept : Keep(scanned);
                Skip(scanned);
                scanned = 0;
            }

            if (!await FillAsync(cancellationToken))
            {
                return _position == start && scanned == 0 ? null : Take(start, scanned, 0, kept);
            }
        }
    }

    private ManifestRecord Take(long start, int length, int lineEnd, int kept)
    {
        var content = length > 0 && _buffer[_from + length - 1] == '\r' ? length - 1 : length;
        if (kept == 0 && content > MaxBytes)
        {
            kept = Keep(content);
        }

        var bytes = kept > 0 ? _kept.AsMemory(0, kept) : _buffer.AsMemory(_from, content);
        Skip(length + lineEnd);
        return new ManifestRecord(start, _position, bytes, kept > 0);
    }

    private int Keep(int count)
    {
        count = Math.Min(count, KeptOfLongOnes);
        _buffer.AsSpan(_from, count).CopyTo(_kept);
        return count;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_to == _buffer.Length || _from == _to)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            _to -= _from;
            _from = 0;
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_to), cancellationToken);
        _to += read;
        return read > 0;
    }
}

/// <summary>A line or CSV record, without its line end.</summary>
/// <param name="Start">Byte offset at which it begins.</param>
/// <param name="Next">Byte offset behind its line end.</param>
/// <param name="Bytes">Its bytes; of one that is too long, the first.</param>
/// <param name="IsTooLong">Whether it has more than <see cref="ManifestRecords.MaxBytes"/>.</param>
internal readonly record struct ManifestRecord(long Start, long Next, ReadOnlyMemory<byte> Bytes, bool IsTooLong);
