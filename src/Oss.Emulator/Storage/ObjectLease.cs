using System.Buffers;

namespace Oss.Emulator.Storage;

/// <summary>A reader's hold on an object: it reads the bytes it found, whatever happens to the key meanwhile.</summary>
internal sealed class ObjectLease(StoredObject stored, SegmentFolder segments) : IDisposable
{
    private const int BufferSize = 256 * 1024;

    public ObjectRecord Record => stored.Record;

    /// <summary>Copies a range of the content, across segments.</summary>
    public async Task CopyToAsync(Stream target, long offset, long length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            foreach (var segment in Record.Segments)
            {
                if (length == 0)
                {
                    break;
                }

                if (offset >= segment.Size)
                {
                    offset -= segment.Size;
                    continue;
                }

                var count = Math.Min(length, segment.Size - offset);
                await CopySegmentAsync(segment, target, buffer, offset, count, cancellationToken);
                length -= count;
                offset = 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A piece of the content; shorter, or empty, where the content ends.</summary>
    public async Task<byte[]> PieceAsync(long offset, int length, CancellationToken cancellationToken)
    {
        using var piece = new MemoryStream();
        await CopyToAsync(piece, offset, Math.Clamp(Record.Size - offset, 0, length), cancellationToken);
        return piece.ToArray();
    }

    public void Dispose() => stored.Release();

    private async Task CopySegmentAsync(Segment segment, Stream target, byte[] buffer, long offset, long count, CancellationToken cancellationToken)
    {
        using var file = segments.Open(segment);
        while (count > 0)
        {
            // In this thread: out of the page cache it is a copy, which takes less than a change of threads.
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, count)), offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"Segment {segment.Name} is shorter than its record says.");
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            offset += read;
            count -= read;
        }
    }
}
