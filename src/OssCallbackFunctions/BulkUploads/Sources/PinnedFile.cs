namespace OssCallbackFunctions.BulkUploads;

/// <summary>A piece of a file that is looked at again when its last byte was read: what was written to it meanwhile may be among the bytes.</summary>
internal sealed class PinnedFile : FileStream
{
    // Buffers are the sender's; the piece is read once, forwards.
    private static readonly FileStreamOptions Forwards = new()
    {
        Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
    };

    private readonly Action _check;
    private long _left;

    /// <param name="path">The file.</param>
    /// <param name="offset">First byte of the piece.</param>
    /// <param name="length">Bytes of the piece.</param>
    /// <param name="check">Throws if the file is not what it was; called at the end of the piece.</param>
    public PinnedFile(string path, long offset, long length, Action check)
        : base(path, Forwards)
    {
        (_check, _left) = (check, length);
        Position = offset;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await base.ReadAsync(buffer, cancellationToken);
        _left -= read;
        if (_left <= 0 || read == 0)
        {
            _check();
        }

        return read;
    }
}
