using Oss.Protocol;

namespace Oss.Emulator.Storage;

/// <summary>
/// A segment that takes the place of an object's last ones and has a new piece at its end. An object that grows by many small pieces would be many small files and a long record;
/// when each piece takes along those before it that are no larger, there are few, and each byte is copied a few times at most. Disposed of without <see cref="Keep"/>, it is gone.
/// </summary>
internal sealed class MergedTail : IDisposable
{
    // Larger files are few enough.
    private const long MaxSize = 4 * 1024 * 1024;

    private readonly SegmentFolder _folder;
    private readonly IReadOnlyList<Segment> _before;
    private readonly int _taken;
    private bool _kept;

    private MergedTail(SegmentFolder folder, IReadOnlyList<Segment> before, int taken, Segment segment)
    {
        _folder = folder;
        _before = before;
        _taken = taken;
        Segment = segment;
    }

    public Segment Segment { get; }

    /// <summary>Writes the last segments of an object and a new piece to one file; null when they had better stay as they are.</summary>
    public static async Task<MergedTail?> MergeAsync(SegmentFolder folder, ObjectLease stored, Segment piece, CancellationToken cancellationToken)
    {
        var segments = stored.Record.Segments;
        var (taken, size, crc) = (0, piece.Size, piece.Crc64);
        for (; taken < segments.Count && segments[^(taken + 1)] is var segment && segment.Size <= size && segment.Size + size <= MaxSize; taken++)
        {
            crc = Crc64.Combine(segment.Crc64, crc, size);
            size += segment.Size;
        }

        if (taken == 0 || piece.Size == 0)
        {
            return null;
        }

        var merged = new MergedTail(folder, segments, taken, new Segment(SegmentFolder.NewName(), size, crc));
        try
        {
            await using var file = new FileStream(folder.Create(merged.Segment.Name), FileAccess.Write, bufferSize: 0);
            await stored.CopyToAsync(file, stored.Record.Size - (size - piece.Size), size - piece.Size, cancellationToken);
            await using var last = new FileStream(folder.Open(piece), FileAccess.Read, bufferSize: 0);
            await last.CopyToAsync(file, cancellationToken);
            return merged;
        }
        catch
        {
            merged.Dispose();
            throw;
        }
    }

    /// <summary>The object's segments with this one for those it has the bytes of; null when they are not the same any more.</summary>
    public IReadOnlyList<Segment>? InPlaceOf(IReadOnlyList<Segment> segments) =>
        segments.SequenceEqual(_before) ? [.. segments.SkipLast(_taken), Segment] : null;

    /// <summary>Hands the file over to the object that refers to it now.</summary>
    public void Keep() => _kept = true;

    public void Dispose()
    {
        if (!_kept)
        {
            _folder.Delete(Segment.Name);
        }
    }
}
