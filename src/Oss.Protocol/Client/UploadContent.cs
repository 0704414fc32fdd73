using System.Buffers;
using System.Net;

namespace Oss.Protocol;

/// <summary>Sends an <see cref="UploadBody"/> in bounded memory and takes its checksum on the way.</summary>
internal sealed class UploadContent : HttpContent
{
    // Large enough that system calls do not count, small enough for dozens of uploads at a time.
    private const int BufferSize = 256 * 1024;

    private readonly UploadBody _body;
    private readonly Action _onProgress;

    public UploadContent(UploadBody body, Action onProgress)
    {
        _body = body;
        _onProgress = onProgress;
    }

    /// <summary>Checksum of the bytes sent.</summary>
    public ulong Crc64 { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Crc64 = 0;
        if (_body.Length == 0)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var source = await _body.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                for (var left = _body.Length; left > 0;)
                {
                    var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken).ConfigureAwait(false);
                    if (read == 0)
                    {
                        throw new SourceEndedException(_body.Length, _body.Length - left);
                    }

                    Crc64 = Protocol.Crc64.Append(Crc64, buffer.AsSpan(0, read));
                    await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                    left -= read;
                    _onProgress();
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
