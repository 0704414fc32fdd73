namespace OssCallbackFunctions.BulkUploads;

/// <summary>
/// The bytes of a part as a server sends them: not one more than was asked for, and none that do not come. A server that gives less than 1 KiB/s over the 60 s that were spent waiting for it is given up
/// (<see cref="SourceTooSlowException"/>); time that the reader takes does not count.
/// </summary>
/// <param name="inner">What the server sends.</param>
/// <param name="length">Bytes that were asked for.</param>
/// <param name="isFramed">Whether HTTP itself ends the body after so many bytes; otherwise more of them are looked for (<c>source_lies</c>).</param>
/// <param name="clock">Measures the waiting.</param>
internal sealed class SourceStream(Stream inner, long length, bool isFramed, TimeProvider clock) : ReadThroughStream(inner)
{
    private const long LeastBytes = 60 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private long _left = length;
    private long _bytes;
    private TimeSpan _waited;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = _left == 0 ? 0 : await WaitAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
        _left -= read;
        if (read > 0 && _left == 0 && !isFramed && await WaitAsync(new byte[1], cancellationToken) > 0)
        {
            throw new SourceException("source_lies", "The source sent more bytes than it was asked for.");
        }

        return read;
    }

    private async ValueTask<int> WaitAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience - _waited, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var started = clock.GetTimestamp();
        try
        {
            var read = await Inner.ReadAsync(buffer, either.Token);
            (_bytes, _waited) = (_bytes + read, _waited + clock.GetElapsedTime(started));
            if (_bytes >= LeastBytes)
            {
                (_bytes, _waited) = (0, TimeSpan.Zero);
            }

            return read == 0 || _waited < Patience ? read : throw TooSlow(null);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(e);
        }
    }

    private static SourceTooSlowException TooSlow(Exception? inner) => new($"The source gave less than {LeastBytes} bytes in {Patience.TotalSeconds:0} s.", inner);
}

/// <summary>A server that hardly sends: it may do better later.</summary>
internal sealed class SourceTooSlowException(string message, Exception? inner) : TimeoutException(message, inner);
