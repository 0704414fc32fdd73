using System.Buffers;
using System.Runtime.InteropServices;

namespace Oss.Protocol;

/// <summary>Bytes to upload that can be opened again: each attempt reads them from the start.</summary>
public sealed class UploadBody
{
    // Large enough that system calls do not count, small enough for dozens of uploads at a time.
    private const int BufferSize = 256 * 1024;

    private readonly Func<CancellationToken, ValueTask<Stream>> _open;

    /// <summary>Bytes that <paramref name="open"/> opens anew each time.</summary>
    /// <param name="length">Number of bytes; the stream must have at least as many, and no more are read.</param>
    /// <param name="open">Opens the bytes at their start.</param>
    public UploadBody(long length, Func<CancellationToken, ValueTask<Stream>> open)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        _open = open;
    }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>Bytes in memory.</summary>
    public static UploadBody From(ReadOnlyMemory<byte> bytes) =>
        new(bytes.Length, _ => ValueTask.FromResult<Stream>(MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false)));

    /// <summary>A range of a file.</summary>
    public static UploadBody FromFile(string path, long offset, long length) => new(length, _ =>
    {
        // Buffers are the sender's; the file is read once, forwards.
        var file = new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });
        file.Position = offset;
        return ValueTask.FromResult<Stream>(file);
    });

    /// <summary>Reads the bytes through and returns their CRC-64/XZ.</summary>
    /// <exception cref="SourceEndedException">There are fewer than <see cref="Length"/>.</exception>
    public Task<ulong> ComputeCrc64Async(CancellationToken cancellationToken) => ReadAsync(_ => ValueTask.CompletedTask, cancellationToken);

    /// <summary>Opens the bytes at their start.</summary>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) => _open(cancellationToken);

    /// <summary>Reads the bytes through in bounded memory, hands on each piece, and returns their checksum.</summary>
    /// <exception cref="SourceEndedException">There are fewer than <see cref="Length"/>.</exception>
    public async Task<ulong> ReadAsync(Func<ReadOnlyMemory<byte>, ValueTask> onPiece, CancellationToken cancellationToken)
    {
        ulong crc = 0;
        if (Length == 0)
        {
            return crc;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var source = await OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                for (var left = Length; left > 0;)
                {
                    var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken).ConfigureAwait(false);
                    if (read == 0)
                    {
                        throw new SourceEndedException(Length, Length - left);
                    }

                    crc = Crc64.Append(crc, buffer.AsSpan(0, read));
                    await onPiece(buffer.AsMemory(0, read)).ConfigureAwait(false);
                    left -= read;
                }
            }

            return crc;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
