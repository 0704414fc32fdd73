using System.Runtime.InteropServices;

namespace Oss.Protocol;

/// <summary>Bytes to upload that can be opened again: each attempt reads them from the start.</summary>
public sealed class UploadBody
{
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

    /// <summary>Opens the bytes at their start.</summary>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) => _open(cancellationToken);
}
