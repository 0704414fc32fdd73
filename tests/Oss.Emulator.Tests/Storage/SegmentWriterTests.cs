using System.IO.Pipelines;
using System.Security.Cryptography;
using Oss.Emulator.Http;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Storage;

public sealed class SegmentWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("oss-emulator-tests-").FullName;
    private readonly SegmentFolder _segments;
    private readonly Pipe _body = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
    private long _told;

    public SegmentWriterTests() => _segments = new SegmentFolder("examplebucket", _folder);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(100_000)]
    [InlineData(5_000_000)]
    public async Task Writes_and_hashes_a_body_that_comes_in_pieces_of_all_sizes(int size)
    {
        var bytes = TestOss.Bytes(size);

        var receiving = ReceiveAsync(long.MaxValue);
        await SendAsync(bytes);
        await _body.Writer.CompleteAsync();
        using var incoming = await receiving;

        Assert.Equal(new Segment(incoming.Segment.Name, size, Crc64.Compute(bytes)), incoming.Segment);
#pragma warning disable CA5351 // The algorithm is OSS's choice.
        Assert.Equal(MD5.HashData(bytes), incoming.Md5);
#pragma warning restore CA5351
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(_folder, incoming.Segment.Name), TestContext.Current.CancellationToken));
        Assert.Equal(size, _told);
    }

    [Fact]
    public async Task Leaves_no_file_of_a_body_that_breaks_off()
    {
        var receiving = ReceiveAsync(long.MaxValue);
        await SendAsync(new byte[1_000_000]);
        await _body.Writer.CompleteAsync(new IOException("The connection broke."));

        await Assert.ThrowsAsync<IOException>(() => receiving);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task Leaves_no_file_of_a_body_that_is_too_large_and_gives_back_all_that_it_read()
    {
        var receiving = ReceiveAsync(500_000);
        var sending = SendAsync(new byte[1_000_000]);

        var refusal = await Assert.ThrowsAsync<OssException>(() => receiving);
        Assert.Equal("EntityTooLarge", refusal.Error.Code);
        Assert.Empty(Directory.EnumerateFiles(_folder));
        long rest = 0;
        while (rest < 1_000_000 - _told)
        {
            var read = await _body.Reader.ReadAsync(TestContext.Current.CancellationToken);
            rest += read.Buffer.Length;
            _body.Reader.AdvanceTo(read.Buffer.End);
        }

        await sending;
        Assert.Equal(1_000_000, _told + rest);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<IncomingSegment> ReceiveAsync(long maxSize) => Task.Run(() =>
        IncomingSegment.ReceiveAsync(_segments, _body.Reader, maxSize, Refusals.EntityTooLarge, count => _told += count, TestContext.Current.CancellationToken));

    private async Task SendAsync(byte[] bytes)
    {
        for (int start = 0, count = 1; start < bytes.Length; start += count, count = (count * 7 % 9973) + 1)
        {
            count = Math.Min(count, bytes.Length - start);
            await _body.Writer.WriteAsync(bytes.AsMemory(start, count), TestContext.Current.CancellationToken);
        }
    }
}
