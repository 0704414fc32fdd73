namespace Oss.Emulator.Faults;

/// <summary>The body of a request as disturbed: it comes at a pace, and ends with a reset.</summary>
/// <param name="body">As it is sent.</param>
/// <param name="pace">Null: as fast as it comes.</param>
/// <param name="cutAfter">Bytes before the reset, which comes at the body's end at the latest; null: no reset.</param>
internal sealed class IncomingBody(Stream body, Pace? pace, long? cutAfter) : Stream
{
    private long _passed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _passed;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_passed == cutAfter)
        {
            throw new InjectedResetException();
        }

        var count = pace?.Piece(buffer.Length) ?? buffer.Length;
        count = (int)Math.Min(count, cutAfter - _passed ?? count);
        var read = await body.ReadAsync(buffer[..count], cancellationToken);
        if (read == 0 && count > 0 && cutAfter is not null)
        {
            throw new InjectedResetException();
        }

        _passed += read;
        if (pace is not null)
        {
            await pace.PassAsync(read, cancellationToken);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush()
    {
        // Nothing is kept.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
