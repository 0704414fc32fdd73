using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Oss.Emulator.Faults;

/// <summary>The body of a reply as disturbed: at a pace, with wrong bytes, too short, or broken off. Where, is settled when the reply's head is complete.</summary>
/// <param name="http">The exchange.</param>
/// <param name="reply">Where the reply goes.</param>
/// <param name="plan">What is to be done.</param>
/// <param name="pace">Null: as fast as it goes.</param>
internal sealed class OutgoingBody(HttpContext http, IHttpResponseBodyFeature reply, RequestPlan plan, Pace? pace) : Stream
{
    private readonly byte[] _flipped = new byte[1];
    private long _passed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _passed;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!http.Response.HasStarted)
        {
            await reply.StartAsync(cancellationToken);
        }

        var places = plan.Reply;
        while (buffer.Length > 0 && _passed < places.End)
        {
            if (places.IsBroken || _passed == places.Cut)
            {
                await BreakAsync(places);
            }

            var count = (int)Math.Min(buffer.Length, places.Next(_passed) - _passed);
            var piece = buffer[..(pace?.Piece(count) ?? count)];
            if (places.Flips.Contains(_passed))
            {
                _flipped[0] = (byte)~buffer.Span[0];
                piece = _flipped;
            }

            if (pace is not null)
            {
                await pace.PassAsync(piece.Length, cancellationToken);
            }

            await reply.Stream.WriteAsync(piece, cancellationToken);
            _passed += piece.Length;
            buffer = buffer[piece.Length..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => reply.Stream.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Replies are written asynchronously.");

    public override void Flush() => throw new NotSupportedException("Replies are written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task BreakAsync(ReplyPlaces places)
    {
        if (!places.IsBroken)
        {
            await reply.Stream.FlushAsync(CancellationToken.None);
            await BrokenConnection.BreakAfterAsync(http, ReadOnlyMemory<byte>.Empty, plan.ClosesReply);
        }

        throw new InjectedResetException();
    }
}
