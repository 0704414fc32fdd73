using System.Buffers;
using System.Text;

namespace Oss.Protocol;

/// <summary>Grows on the stack first, then in rented arrays: canonical requests are built without a string for each piece.</summary>
internal ref struct Utf8Buffer
{
    private Span<byte> _span;
    private byte[]? _rented;

    public Utf8Buffer(Span<byte> initial)
    {
        _span = initial;
    }

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _span[..Length];

    public void Append(byte value)
    {
        Reserve(1);
        _span[Length++] = value;
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_span[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Appends text as UTF-8.</summary>
    public void Append(scoped ReadOnlySpan<char> text)
    {
        // Nearly all text is ASCII: three bytes for each character are asked for only where it does not fit.
        if (!Encoding.UTF8.TryGetBytes(text, _span[Length..], out var written))
        {
            Reserve(text.Length * 3);
            written = Encoding.UTF8.GetBytes(text, _span[Length..]);
        }

        Length += written;
    }

    /// <summary>Appends text percent-encoded as <see cref="OssEncoding"/> does.</summary>
    public void AppendEncoded(string text, bool keepSlash)
    {
        var plain = keepSlash ? OssEncoding.IsUnreservedPath(text) : OssEncoding.IsUnreserved(text);
        Append(plain ? text.AsSpan() : keepSlash ? OssEncoding.EncodePath(text) : OssEncoding.Encode(text));
    }

    public readonly void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private void Reserve(int count)
    {
        if (Length + count <= _span.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_span.Length * 2, Length + count));
        _span[..Length].CopyTo(larger);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _rented = larger;
        _span = larger;
    }
}
