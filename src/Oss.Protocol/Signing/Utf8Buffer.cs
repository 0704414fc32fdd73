using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Oss.Protocol;

/// <summary>Grows on the stack first, then in rented arrays: what is signed is built without a string for each piece, and without a JSON writer, whose buffers cost more than a signature.</summary>
internal ref struct Utf8Buffer
{
    // ASCII but for control characters, quote and backslash.
    private static readonly SearchValues<char> PlainInJson = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Except("\"\\")]);

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
    public void AppendEncoded(scoped ReadOnlySpan<char> text, bool keepSlash)
    {
        var kept = OssEncoding.Kept(keepSlash);
        Span<byte> utf8 = stackalloc byte[4];
        while (text.IndexOfAnyExcept(kept) is var plain and >= 0)
        {
            Append(text[..plain]);
            // Half of a surrogate pair is U+FFFD, as in UTF-8.
            Rune.DecodeFromUtf16(text[plain..], out var rune, out var length);
            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                Append([(byte)'%', Hex(value >> 4), Hex(value & 15)]);
            }

            text = text[(plain + length)..];
        }

        Append(text);
    }

    /// <summary>Appends a string of JSON, in its quotes; escaped is what must be.</summary>
    /// <exception cref="ArgumentException">The text is no Unicode: what was signed would be another text.</exception>
    public void AppendJson(scoped ReadOnlySpan<char> text)
    {
        Append((byte)'"');
        if (text.ContainsAnyExcept(PlainInJson))
        {
            OssEncoding.StrictUtf8.GetByteCount(text);
            Span<char> escaped = stackalloc char[256];
            while (text.Length > 0)
            {
                JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text, escaped, out var read, out var written);
                Append(escaped[..written]);
                text = text[read..];
            }
        }

        Append(text);
        Append((byte)'"');
    }

    /// <summary>What was written, in base64. Nothing can be written any more.</summary>
    public readonly string ToBase64AndDispose()
    {
        var text = Convert.ToBase64String(Written);
        Dispose();
        return text;
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

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);
}
