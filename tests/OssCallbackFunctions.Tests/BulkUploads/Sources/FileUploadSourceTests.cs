using Oss.Protocol;
using OssCallbackFunctions.BulkUploads;

namespace OssCallbackFunctions.Tests.BulkUploads.Sources;

public sealed class FileUploadSourceTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("file-source-").FullName;
    private readonly byte[] _bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Reads_ranges_of_a_file()
    {
        var (source, facts) = await WriteAsync();
        Assert.Equal((1000, true), (facts.Size, facts.HasRanges));
        Assert.Equal(_bytes[100..350], await source.Open(new PartRange(2, 100, 250), facts).BytesAsync());
        Assert.Equal(_bytes, await source.Open(new PartRange(1, 0, 1000), facts).BytesAsync());
    }

    [Fact]
    public async Task Sees_a_change_before_a_part_is_read_and_while_it_is()
    {
        var (source, facts) = await WriteAsync();
        await using (var reading = await source.Open(new PartRange(1, 0, 1000), facts).OpenAsync(default))
        {
            await reading.ReadExactlyAsync(new byte[999]);
            await File.AppendAllTextAsync(Path.Combine(_root, "file"), "x");
            Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => reading.ReadExactlyAsync(new byte[1]).AsTask())).Code);
        }

        Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => source.Open(new PartRange(1, 0, 1000), facts).BytesAsync())).Code);
        File.Delete(Path.Combine(_root, "file"));
        Assert.Equal("source_not_found", (await Assert.ThrowsAsync<SourceException>(() => source.Open(new PartRange(1, 0, 1000), facts).BytesAsync())).Code);
    }

    [Fact]
    public async Task Sees_that_a_file_was_cut_off()
    {
        var (source, facts) = await WriteAsync();
        await using var reading = await source.Open(new PartRange(1, 0, 1000), facts).OpenAsync(default);
        await File.WriteAllBytesAsync(Path.Combine(_root, "file"), _bytes[..10]);
        Assert.Equal("source_changed", (await Assert.ThrowsAsync<SourceException>(() => reading.ReadExactlyAsync(new byte[1000]).AsTask())).Code);
    }

    private async Task<(IUploadSource Source, SourceFacts Facts)> WriteAsync()
    {
        await File.WriteAllBytesAsync(Path.Combine(_root, "file"), _bytes);
        var source = Some.Sources(_root).Find(new BulkUploadSource { File = "file" });
        return (source, await source.ProbeAsync(default));
    }
}
