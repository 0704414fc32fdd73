using System.Net.Sockets;
using System.Text.Json;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Storage;

public sealed class DurabilityTests : IDisposable
{
    private const string Bucket = TestOss.BucketName;
    private readonly string _folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Segments => Path.Combine(_folder, "buckets", Bucket, "segments");

    [Fact]
    public async Task Objects_uploads_and_the_callback_key_survive_a_restart()
    {
        var part = TestOss.Bytes((int)OssLimits.MinPartSize);
        string pem, upload;
        UploadedPart first;
        await using (var oss = await TestOss.StartAsync(_folder))
        {
            pem = oss.Emulator.CallbackPublicKeyPem;
            await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(part), new ObjectProperties { ContentType = "text/plain" });
            upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
            first = await oss.Client.UploadPartAsync(Bucket, "m", upload, 1, UploadBody.From(part));
        }

        await using (var oss = await TestOss.StartAsync(_folder))
        {
            var second = await oss.Client.UploadPartAsync(Bucket, "m", upload, 2, UploadBody.From(new byte[] { 5 }));
            var stored = await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, [first, second]);

            Assert.Equal(pem, oss.Emulator.CallbackPublicKeyPem);
            Assert.Equal(part, await TestOss.DownloadAsync(oss.Client, "a"));
            Assert.Equal("text/plain", (await oss.Client.HeadObjectAsync(Bucket, "a"))?.ContentType);
            Assert.Equal(Crc64.Compute([.. part, 5]), stored.Crc64);
            Assert.Equal([.. part, 5], await TestOss.DownloadAsync(oss.Client, "m"));
        }
    }

    [Fact]
    public async Task A_second_emulator_keeps_out_of_a_folder_in_use()
    {
        await using var oss = await TestOss.StartAsync(_folder);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => TestOss.StartAsync(_folder));

        Assert.Contains(_folder, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        await using var oss = await TestOss.StartAsync(_folder);
        await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[] { 1 }));
        await using (var connection = await oss.ConnectAsync())
        {
            await connection.WriteAsync(oss.RawHead(new OssRequest("PUT", Bucket, "a"), $"/{Bucket}/a", "Content-Length: 1000000"));
            await connection.WriteAsync(new byte[300_000]);
            await WaitUntilAsync(() => Directory.GetFiles(Segments).Length == 2);
            connection.Socket.Shutdown(SocketShutdown.Send);
            await WaitUntilAsync(() => oss.Emulator.Requests.Count == 2);
        }

        await WaitUntilAsync(() => Directory.GetFiles(Segments).Length == 1);
        Assert.Equal(499, oss.Emulator.Requests[1].Status);
        Assert.InRange(oss.Emulator.Requests[1].BytesReceived, 0, 300_000);
        Assert.Equal([1], await TestOss.DownloadAsync(oss.Client, "a"));
    }

    [Fact]
    public async Task What_a_killed_emulator_left_unfinished_is_gone_at_the_next_start()
    {
        await using (var oss = await TestOss.StartAsync(_folder))
        {
            await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[] { 1 }));
        }

        File.WriteAllBytes(Path.Combine(Segments, "half-written"), new byte[10]);
        var unfinished = Path.Combine(_folder, "buckets", Bucket, "objects", "record.json.1.tmp");
        File.WriteAllText(unfinished, "{");

        await using (var oss = await TestOss.StartAsync(_folder))
        {
            Assert.Single(oss.SegmentFiles());
            Assert.False(File.Exists(unfinished));
            Assert.Equal([1], await TestOss.DownloadAsync(oss.Client, "a"));
        }
    }

    [Fact]
    public async Task An_object_whose_upload_was_not_cleared_away_in_time_is_whole_and_the_upload_is_over()
    {
        var uploads = Path.Combine(_folder, "buckets", Bucket, "uploads");
        var saved = Path.Combine(_folder, "saved");
        string upload;
        await using (var oss = await TestOss.StartAsync(_folder))
        {
            upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
            var part = await oss.Client.UploadPartAsync(Bucket, "m", upload, 1, UploadBody.From(new byte[] { 1, 2, 3 }));
            await oss.Client.UploadPartAsync(Bucket, "m", upload, 2, UploadBody.From(new byte[] { 4 }));
            Directory.CreateDirectory(saved);
            foreach (var file in Directory.GetFiles(Path.Combine(uploads, upload)))
            {
                File.Copy(file, Path.Combine(saved, Path.GetFileName(file)));
            }

            await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, [part]);
        }

        // As if the process had ended between the object's record and the end of the upload.
        Directory.Move(saved, Path.Combine(uploads, upload));

        await using (var oss = await TestOss.StartAsync(_folder))
        {
            await oss.Client.AbortMultipartUploadAsync(Bucket, "m", upload);

            Assert.Equal([1, 2, 3], await TestOss.DownloadAsync(oss.Client, "m"));
            Assert.Equal("NoSuchUpload", oss.Emulator.Requests[0].ErrorCode);
            Assert.Single(oss.SegmentFiles());
        }
    }

    [Fact]
    public async Task An_object_whose_bytes_are_lost_is_not_served()
    {
        await using (var oss = await TestOss.StartAsync(_folder))
        {
            await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[100]));
            await oss.Client.PutObjectAsync(Bucket, "b", UploadBody.From(new byte[100]));
        }

        var record = Directory.GetFiles(Path.Combine(_folder, "buckets", Bucket, "objects")).Select(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement)
            .Single(json => json.GetProperty("key").GetString() == "a");
        using (var segment = File.OpenWrite(Path.Combine(Segments, record.GetProperty("segments")[0].GetProperty("name").GetString()!)))
        {
            segment.SetLength(50);
        }

        await using (var oss = await TestOss.StartAsync(_folder))
        {
            Assert.Null(await oss.Client.HeadObjectAsync(Bucket, "a"));
            Assert.NotNull(await oss.Client.HeadObjectAsync(Bucket, "b"));
        }
    }

    [Fact]
    public async Task Writers_of_one_key_leave_one_whole_object()
    {
        await using var oss = await TestOss.StartAsync(_folder);
        var contents = Enumerable.Range(0, 24).Select(seed => TestOss.Bytes(400_000 + seed, seed)).ToArray();

        await Task.WhenAll(contents.Select(content => oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(content))));
        var head = await oss.Client.HeadObjectAsync(Bucket, "a");
        var left = await TestOss.DownloadAsync(oss.Client, "a");

        Assert.Contains(contents, content => content.AsSpan().SequenceEqual(left));
        Assert.Equal((left.Length, Crc64.Compute(left)), (head!.Size, head.Crc64));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Of_writers_that_forbid_overwriting_one_succeeds()
    {
        await using var oss = await TestOss.StartAsync(_folder);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(async seed =>
        {
            try
            {
                await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(TestOss.Bytes(200_000, seed)), new ObjectProperties { ForbidOverwrite = true });
                return "stored";
            }
            catch (OssException e)
            {
                return e.Error.Code;
            }
        }));

        Assert.Single(outcomes, "stored");
        Assert.Equal(15, outcomes.Count(outcome => outcome == "FileAlreadyExists"));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Readers_see_one_whole_object_while_it_is_being_replaced()
    {
        await using var oss = await TestOss.StartAsync(_folder);
        async Task WriteAsync(int seed) => await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(Enumerable.Repeat((byte)seed, 2_000_000).ToArray()));
        await WriteAsync(0);
        var writing = Task.Run(async () =>
        {
            for (var seed = 1; seed <= 20; seed++)
            {
                await WriteAsync(seed);
            }
        });

        while (!writing.IsCompleted)
        {
            var read = await TestOss.DownloadAsync(oss.Client, "a");
            Assert.Equal(2_000_000, read.Length);
            Assert.Single(read.Distinct());
        }

        await writing;
        await WaitUntilAsync(() => oss.SegmentFiles().Length == 1);
    }

    [Fact]
    public async Task Names_what_is_wrong_with_its_options()
    {
        var bucket = await Assert.ThrowsAsync<ArgumentException>(() => OssEmulator.StartAsync(new OssEmulatorOptions { DataFolder = _folder, Buckets = ["../up"] }));
        var region = await Assert.ThrowsAsync<ArgumentException>(() => OssEmulator.StartAsync(new OssEmulatorOptions { DataFolder = _folder, Region = "oss-cn-hangzhou" }));

        Assert.Contains("'../up'", bucket.Message, StringComparison.Ordinal);
        Assert.Contains("'oss-cn-hangzhou'", region.Message, StringComparison.Ordinal);
    }

    // What happens after a client has left, happens at the server's own pace.
    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
