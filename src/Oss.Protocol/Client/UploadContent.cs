using System.Net;

namespace Oss.Protocol;

/// <summary>Sends an <see cref="UploadBody"/> in bounded memory and takes its checksum on the way.</summary>
internal sealed class UploadContent : HttpContent
{
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
        Crc64 = await _body.ReadAsync(
            async piece =>
            {
                await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                _onProgress();
            },
            cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
