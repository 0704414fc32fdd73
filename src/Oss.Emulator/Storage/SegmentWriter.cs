using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Oss.Protocol;

namespace Oss.Emulator.Storage;

/// <summary>Writes one body to a file, and takes its checksums.</summary>
/// <param name="file">Where to; closed with this.</param>
/// <param name="maxSize">More bytes than this are refused.</param>
/// <param name="tooLarge">The refusal, from the limit and the size seen.</param>
/// <param name="onBytes">Told of each piece's size.</param>
internal sealed class SegmentWriter(SafeFileHandle file, long maxSize, Func<long, long, OssException> tooLarge, Action<long> onBytes) : IDisposable
{
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    public long Size { get; private set; }

    public ulong Crc64 { get; private set; }

    /// <summary>
    /// Writes the whole body. MD5, which takes longer than all the rest, is taken of one read's bytes by another thread while the next read's are being received
    /// and written; the reader gets its blocks back after that, so that no more than two reads' are out.
    /// </summary>
    /// <returns>The body's MD5.</returns>
    public async Task<byte[]> WriteAsync(PipeReader body, CancellationToken cancellationToken)
    {
        var hashing = Task.CompletedTask;
        try
        {
            for (long kept = 0; ;)
            {
                var read = await body.ReadAsync(cancellationToken);
                var bytes = read.Buffer.Slice(kept);
                List<ReadOnlyMemory<byte>> pieces;
                try
                {
                    pieces = Write(bytes);
                }
                catch
                {
                    // What the client still sends has to be read by somebody.
                    await hashing;
                    body.AdvanceTo(bytes.End);
                    throw;
                }

                await hashing;
                if (read.IsCompleted)
                {
                    // A small body is there at once: it is not worth another thread's time.
                    Hash(pieces);
                    body.AdvanceTo(bytes.End);
                    return _md5.GetHashAndReset();
                }

                hashing = Task.Run(() => Hash(pieces), CancellationToken.None);
                body.AdvanceTo(bytes.Start, bytes.End);
                kept = bytes.Length;
            }
        }
        finally
        {
            // Nobody may look at the blocks any more when the request is over.
            await hashing;
        }
    }

    public void Dispose()
    {
        file.Dispose();
        _md5.Dispose();
    }

    // In the caller's thread: to the page cache it is a copy, which takes less than a change of threads.
    private List<ReadOnlyMemory<byte>> Write(ReadOnlySequence<byte> bytes)
    {
        onBytes(bytes.Length);
        if (Size + bytes.Length > maxSize)
        {
            throw tooLarge(maxSize, Size + bytes.Length);
        }

        var pieces = new List<ReadOnlyMemory<byte>>();
        foreach (var piece in bytes)
        {
            pieces.Add(piece);
            Crc64 = Protocol.Crc64.Append(Crc64, piece.Span);
        }

        RandomAccess.Write(file, pieces, Size);
        Size += bytes.Length;
        return pieces;
    }

    private void Hash(List<ReadOnlyMemory<byte>> pieces) => pieces.ForEach(piece => _md5.AppendData(piece.Span));
}
