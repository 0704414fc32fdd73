using System.Diagnostics;
using Benchmarks.Emulator;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Storage;

[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Not beside other tests, whose memory it would see.</summary>
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests
{
    private static UploadBody Zeros(long size) => new(size, _ => ValueTask.FromResult<Stream>(new RepeatedStream(new byte[64 * 1024], size)));

    [Fact]
    public async Task An_upload_of_512_MiB_takes_no_memory_to_speak_of()
    {
        const long Size = 512L * 1024 * 1024;
        await using var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(TestOss.BucketName, "small", UploadBody.From(new byte[1000]));
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;

        await oss.Client.PutObjectAsync(TestOss.BucketName, "large", Zeros(Size));
        using (var download = await oss.Client.GetObjectAsync(TestOss.BucketName, "large"))
        {
            await download.Content.CopyToAsync(Stream.Null);
        }

        process.Refresh();
        Assert.InRange(process.WorkingSet64 - before, long.MinValue, 200L * 1024 * 1024);
        Assert.Equal(Size, (await oss.Client.HeadObjectAsync(TestOss.BucketName, "large"))?.Size);
    }

    [Fact]
    public async Task Copies_of_512_MiB_take_no_memory_to_speak_of()
    {
        const long Size = 512L * 1024 * 1024;
        await using var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(TestOss.BucketName, "large", Zeros(Size));
        var upload = await oss.Client.InitiateMultipartUploadAsync(TestOss.BucketName, "parts");
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var before = process.WorkingSet64;
        OssRequest Copy(string bucket, string key) => new("PUT", bucket, key) { Headers = { ["x-oss-copy-source"] = $"/{TestOss.BucketName}/large" } };

        using var part = await oss.SendAsync(Copy(TestOss.BucketName, "parts").With("partNumber", "1").With("uploadId", upload));
        using var copy = await oss.SendAsync(Copy("other-bucket", "copy"));

        process.Refresh();
        Assert.InRange(process.WorkingSet64 - before, long.MinValue, 200L * 1024 * 1024);
        Assert.Equal((System.Net.HttpStatusCode.OK, System.Net.HttpStatusCode.OK), (part.StatusCode, copy.StatusCode));
        Assert.Equal(TestOss.Header(copy, "x-oss-hash-crc64ecma"), TestOss.Header(part, "x-oss-hash-crc64ecma"));
    }
}
