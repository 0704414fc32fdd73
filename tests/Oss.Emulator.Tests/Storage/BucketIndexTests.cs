using System.Globalization;
using System.Net;
using System.Text;
using Oss.Emulator.Storage;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Storage;

public sealed class BucketIndexTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ObjectDescription Plain = new([]);
    private readonly string _folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private BucketIndex Open(params string[] wanted) => new(_folder, wanted, Time);

    private static ObjectRecord Record(string key) => new()
    {
        Key = key, ETag = "E", Type = "Normal", Size = 0, Crc64 = 0, LastModified = Time, Headers = [], Segments = [],
    };

    private string[] Folders() => [.. Directory.GetDirectories(_folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Buckets_are_what_they_were_after_a_restart()
    {
        var buckets = Open("one");
        Assert.True(buckets.TryCreate(new BucketRecord { Name = "two", Created = Time, Acl = "public-read", StorageClass = "IA", DataRedundancyType = "ZRS" }));
        buckets.Find("one")!.Change(record => record with { Versioning = "Enabled" });

        var again = Open("one", "three");

        Assert.Equal(["one", "three", "two"], again.All.Select(bucket => bucket.Name));
        Assert.Equal(("public-read", "IA", "ZRS"), (again.Find("two")!.Record.Acl, again.Find("two")!.Record.StorageClass, again.Find("two")!.Record.DataRedundancyType));
        Assert.Equal("Enabled", again.Find("one")!.Record.Versioning);
    }

    [Fact]
    public void What_was_being_made_or_removed_at_a_crash_is_not_there()
    {
        Open("whole");
        Directory.CreateDirectory(Path.Combine(_folder, ".unfinished-1"));
        Directory.CreateDirectory(Path.Combine(_folder, ".removed-2", "objects"));
        File.WriteAllText(Path.Combine(_folder, ".removed-2", "bucket.json"), "{");

        Assert.Equal(["whole"], Open().All.Select(bucket => bucket.Name));
        Assert.Equal(["whole"], Folders());
    }

    [Fact]
    public void What_is_no_bucket_is_let_alone()
    {
        File.WriteAllText(Path.Combine(_folder, "stray-file"), "x");
        Directory.CreateDirectory(Path.Combine(_folder, "UPPER"));
        Directory.CreateDirectory(Path.Combine(_folder, "lost+found"));

        var buckets = Open("real");

        Assert.Equal(["real"], buckets.All.Select(bucket => bucket.Name));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, "UPPER")));
        Assert.Equal("x", File.ReadAllText(Path.Combine(_folder, "stray-file")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{\"name\":")]
    [InlineData("null")]
    public void A_bucket_whose_record_is_lost_keeps_its_objects(string? record)
    {
        Open("one").Find("one")!.Objects.Publish(Record("a"), forbidOverwrite: false);
        var path = Path.Combine(_folder, "one", "bucket.json");
        File.Delete(path);
        if (record is not null)
        {
            File.WriteAllText(path, record);
        }

        var bucket = Open().Find("one")!;

        Assert.NotNull(bucket.Objects.Find("a"));
        Assert.Equal(("one", "private", Time), (bucket.Name, bucket.Record.Acl, bucket.Record.Created));
        Assert.Contains("\"one\"", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bucket_has_the_name_of_its_folder()
    {
        Open("one");
        Directory.Move(Path.Combine(_folder, "one"), Path.Combine(_folder, "copied"));

        Assert.Equal(["copied"], Open().All.Select(bucket => bucket.Name));
    }

    [Fact]
    public void A_record_that_was_being_written_at_a_crash_is_swept_away()
    {
        Open("one");
        var unfinished = Path.Combine(_folder, "one", "bucket.json.1.tmp");
        File.WriteAllText(unfinished, "{");

        Assert.Equal("one", Open().All.Single().Name);
        Assert.False(File.Exists(unfinished));
    }

    [Fact]
    public void A_deleted_bucket_takes_nothing_and_leaves_its_successor_alone()
    {
        var buckets = Open("one");
        var old = buckets.Find("one")!;

        Assert.True(buckets.TryDelete(old));
        Assert.True(buckets.TryCreate(new BucketRecord { Name = "one", Created = Time }));

        foreach (var late in (Action[])
        [
            () => old.Objects.Publish(Record("a"), forbidOverwrite: false),
            () => old.Uploads.Create("a", Time, Plain),
            () => old.Change(record => record with { Acl = "public-read" }),
            () => buckets.TryDelete(old),
        ])
        {
            Assert.Equal("NoSuchBucket", Assert.Throws<OssException>(late).Error.Code);
        }

        Assert.Equal("private", Open().Find("one")!.Record.Acl);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "one", "objects")));
        Assert.Equal(["one"], Folders());
    }

    [Fact]
    public void A_bucket_that_could_not_be_deleted_is_of_use()
    {
        var buckets = Open("one");
        var bucket = buckets.Find("one")!;
        var upload = bucket.Uploads.Create("a", Time, Plain);

        Assert.False(buckets.TryDelete(bucket));
        bucket.Objects.Publish(Record("a"), forbidOverwrite: false);
        upload.End([]);
        bucket.Uploads.Forget(upload);
        Assert.False(buckets.TryDelete(bucket));
        bucket.Uploads.Create("b", Time, Plain);

        Assert.Equal(["a"], bucket.Objects.Records.Select(record => record.Key));
    }

    [Fact]
    public async Task A_writer_and_a_deletion_never_both_succeed()
    {
        for (var round = 0; round < 200; round++)
        {
            var name = "round-" + round.ToString(CultureInfo.InvariantCulture);
            var buckets = Open(name);
            var bucket = buckets.Find(name)!;
            var start = new TaskCompletionSource();
            async Task<bool> RaceAsync(Action act)
            {
                await start.Task;
                try
                {
                    act();
                    return true;
                }
                catch (OssException e)
                {
                    Assert.Equal("NoSuchBucket", e.Error.Code);
                    return false;
                }
            }

            var writing = Task.Run(() => RaceAsync(() => bucket.Objects.Publish(Record("a"), forbidOverwrite: false)));
            var initiating = Task.Run(() => RaceAsync(() => bucket.Uploads.Create("a", Time, Plain)));
            var deleted = false;
            var deleting = Task.Run(() => RaceAsync(() => deleted = buckets.TryDelete(bucket)));
            start.SetResult();
            await Task.WhenAll(writing, initiating, deleting);

            Assert.True(deleted ? !await writing && !await initiating : await writing || await initiating, $"deleted {deleted}, written {await writing}, initiated {await initiating}");
            Assert.Equal(deleted, !Directory.Exists(Path.Combine(_folder, name)));
            Directory.Delete(_folder, recursive: true);
            Directory.CreateDirectory(_folder);
        }
    }

    [Fact]
    public async Task An_upload_under_way_finds_its_bucket_gone_though_the_name_is_in_use_again()
    {
        await using var oss = await TestOss.StartAsync();
        await using var connection = await oss.ConnectAsync();
        await connection.WriteAsync(oss.RawHead(new OssRequest("PUT", TestOss.BucketName, "a"), $"/{TestOss.BucketName}/a", "Content-Length: 8"));
        await connection.WriteAsync("half"u8.ToArray());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (oss.SegmentFiles().Length == 0)
        {
            await Task.Delay(10, patience.Token);
        }

        using (var deleted = await oss.SendAsync(new OssRequest("DELETE", TestOss.BucketName, null)))
        using (var made = await oss.SendAsync(new OssRequest("PUT", TestOss.BucketName, null)))
        {
            Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.OK), (deleted.StatusCode, made.StatusCode));
        }

        await connection.WriteAsync("half"u8.ToArray());
        var reply = new byte[4096];
        var read = await connection.ReadAsync(reply, patience.Token);

        Assert.StartsWith("HTTP/1.1 404 ", Encoding.ASCII.GetString(reply, 0, read), StringComparison.Ordinal);
        Assert.Null(await oss.Client.HeadObjectAsync(TestOss.BucketName, "a"));
        Assert.Empty(oss.SegmentFiles());
        Assert.Empty(Directory.GetFiles(Path.Combine(oss.Folder, "buckets", TestOss.BucketName, "objects")));
    }
}
