using System.Text;
using CsCheck;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Manifests;

public class ManifestPropertyTests
{
    // Rich in what readers stumble over.
    private static readonly Gen<string> Piece = OneOf(
        "\n", "\r\n", "\r", "\"", "\"\"", ",", ";", "\t", " ", "#", "a", "ä", "\U0001F600", "{", "}", "[", ":", "\\u", "\\ud800", "null", "1", "-1", "1e9", "\0", "http", "://", "https://h/ x",
        "{\"file\":\"a\"}\n", "{\"url\":\"https://h/a?b\",\"size\":1}\n", "\"metadata\":{\"a\":\"b\"}", "\"file\"", "file,key\n", "a,b\n", "\"a\nb\",c\n", "url;metadata.x\n", "\uFEFF");

    private static readonly Gen<byte[]> Text = Piece.Array[0, 60].Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces)));

    private static readonly Gen<byte[]> Anything = Gen.OneOf(Gen.Byte.Array[0, 400], Text, Gen.Select(Text, Gen.Byte.Array[0, 10], (text, bytes) => (byte[])[.. text, .. bytes, .. text]));

    // With a header in front that is right, so that the records are read.
    private static readonly Gen<byte[]> Records = Text.Select(text => (byte[])[.. "file,key,metadata.x\n"u8, .. text]);

    private static readonly Gen<ManifestFormat> Format = OneOf(Enum.GetValues<ManifestFormat>());

    [Fact]
    public void No_bytes_make_it_throw_anything_but_a_manifest_exception() => Gen.Select(Gen.OneOf(Anything, Records), Format).Sample((bytes, format) =>
    {
        try
        {
            foreach (var line in Read(bytes, format))
            {
                Assert.True((line.Entry is null) != (line.Error is null));
                line.Entry?.Refuse("d/");
            }
        }
        catch (ManifestException e)
        {
            Assert.False(string.IsNullOrEmpty(e.Code));
        }
    }, iter: 5_000);

    [Fact]
    public void Going_on_behind_any_line_gives_the_rest_whatever_pieces_it_comes_in() =>
        Gen.Select(Gen.OneOf(Text, Records), Format, Gen.Int[1, 50]).Sample((bytes, format, piece) =>
        {
            List<ManifestLine> all;
            string? header;
            try
            {
                header = Manifest.HeaderAsync(bytes, format).Result.Text;
                all = Read(bytes, format);
            }
            catch (Exception e) when (e is ManifestException || e.InnerException is ManifestException)
            {
                return;
            }

            for (var i = 0; i < all.Count; i++)
            {
                Assert.True(all[i].Start < all[i].Next && all[i].Start >= (i == 0 ? 0 : all[i - 1].Next));
                Assert.Equal(all.Skip(i + 1).Select(Manifest.Told), Read(bytes, format, all[i].Next, header, piece).Select(Manifest.Told));
            }
        }, iter: 2_000);

    [Theory]
    [InlineData(ManifestFormat.JsonLines)]
    [InlineData(ManifestFormat.Csv)]
    [InlineData(ManifestFormat.HttpList)]
    public async Task A_line_of_a_gibibyte_takes_no_more_memory_than_a_short_one(ManifestFormat format)
    {
        const long Length = 1024 * 1024 * 1024;
        using var stream = new LongLineStream("file\n\""u8.ToArray(), Length, "\"\n"u8.ToArray());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var lines = new List<ManifestLine>();
        await foreach (var line in ManifestReader.ReadAsync(stream, 0, format, null, CancellationToken.None))
        {
            lines.Add(line);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * 1024 * 1024);
        Assert.Equal("manifest_line_too_long", lines[^1].Error!.Code);
        Assert.Equal(5 + 1 + Length + 2, lines[^1].Next);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static List<ManifestLine> Read(byte[] bytes, ManifestFormat format, long start = 0, string? header = null, int piece = int.MaxValue) =>
        Manifest.ReadAsync(bytes, format, start, header, piece).GetAwaiter().GetResult();

    /// <summary>A beginning, as many x as one likes, and an end; every read is done at once, on the caller's thread.</summary>
    private sealed class LongLineStream(byte[] first, long length, byte[] last) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override int Read(Span<byte> buffer)
        {
            var count = 0;
            if (_at < first.Length)
            {
                count = Math.Min(buffer.Length, first.Length - (int)_at);
                first.AsSpan((int)_at, count).CopyTo(buffer);
            }
            else if (_at < first.Length + length)
            {
                count = (int)Math.Min(buffer.Length, first.Length + length - _at);
                buffer[..count].Fill((byte)'x');
            }
            else
            {
                var from = (int)(_at - first.Length - length);
                count = Math.Min(buffer.Length, last.Length - from);
                last.AsSpan(from, count).CopyTo(buffer);
            }

            _at += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
