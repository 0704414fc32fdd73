using System.Globalization;
using System.Text.Json.Nodes;
using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Operations;

public sealed class CopyObjectTests
{
    private const string Bucket = TestOss.BucketName;
    private static readonly byte[] Content = TestOss.Bytes(5000);

    private static async Task<TestOss> StartAsync()
    {
        var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", Content, ("Content-Type", "text/plain"), ("x-oss-meta-m", "1"), ("x-oss-tagging", "k=v"), ("x-oss-object-acl", "public-read"), ("Cache-Control", "no-store"));
        return oss;
    }

    private static OssRequest Copy(string to, string source, params (string Name, string Value)[] headers) => Request("PUT", to, [("x-oss-copy-source", source), .. headers]);

    [Fact]
    public async Task Makes_an_object_of_another()
    {
        await using var oss = await StartAsync();
        oss.Clock.Advance(TimeSpan.FromMinutes(1));

        using var response = await oss.SendAsync(200, Copy("b", $"/{Bucket}/a"));
        var result = CopyResult.ParseObject(await response.Content.ReadAsStringAsync());
        using var head = await oss.HeadAsync("b");

        var etag = $"\"{Convert.ToHexString(TestOss.Md5(Content))}\"";
        Assert.Equal(new CopyResult(etag, oss.Clock.GetUtcNow()), result);
        Assert.Equal((etag, Crc(Content)), (TestOss.Header(response, "ETag"), TestOss.Header(response, "x-oss-hash-crc64ecma")));
        Assert.Equal(("text/plain", "1", "no-store", "1"),
            (TestOss.Header(head, "Content-Type"), TestOss.Header(head, "x-oss-meta-m"), TestOss.Header(head, "Cache-Control"), TestOss.Header(head, "x-oss-tagging-count")));
        Assert.Equal((null, "Normal", Convert.ToBase64String(TestOss.Md5(Content))),
            (TestOss.Header(head, "x-oss-object-acl"), TestOss.Header(head, "x-oss-object-type"), TestOss.Header(head, "Content-MD5")));
        Assert.Equal(Content, await TestOss.DownloadAsync(oss.Client, "b"));
    }

    [Fact]
    public async Task A_copy_outlives_its_source_and_the_source_its_copy()
    {
        await using var oss = await StartAsync();
        using var first = await oss.SendAsync(200, Copy("b", $"/{Bucket}/a"));
        using var second = await oss.SendAsync(200, Copy("c", $"/{Bucket}/b"));
        Assert.Single(oss.SegmentFiles());

        using var deleted = await oss.SendAsync(204, Request("DELETE", "a"));
        await oss.PutAsync("b", [1]);

        Assert.Equal(Content, await TestOss.DownloadAsync(oss.Client, "c"));
        Assert.Equal(2, oss.SegmentFiles().Length);
        using var last = await oss.SendAsync(204, Request("DELETE", "c"));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Shared_bytes_stay_shared_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            await oss.PutAsync("a", Content);
            using var copied = await oss.SendAsync(200, Copy("b", $"/{Bucket}/a"));
        }

        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            using var deleted = await oss.SendAsync(204, Request("DELETE", "a"));
            Assert.Equal(Content, await TestOss.DownloadAsync(oss.Client, "b"));
            using var last = await oss.SendAsync(204, Request("DELETE", "b"));
            Assert.Empty(oss.SegmentFiles());
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Copies_to_another_bucket()
    {
        await using var oss = await StartAsync();
        var request = new OssRequest("PUT", "other-bucket", "x") { Headers = { ["x-oss-copy-source"] = $"/{Bucket}/a" } };

        using var copied = await oss.SendAsync(200, request);
        using var deleted = await oss.SendAsync(204, Request("DELETE", "a"));
        using var copy = await oss.SendAsync(200, new OssRequest("GET", "other-bucket", "x"));

        Assert.Equal(Content, await copy.Content.ReadAsByteArrayAsync());
        Assert.Equal("text/plain", TestOss.Header(copy, "Content-Type"));
        Assert.Empty(oss.SegmentFiles());
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("1+1=2 100%.txt")]
    [InlineData("中文/😀?x=1&y")]
    [InlineData("a//b")]
    public async Task Finds_sources_with_any_key(string key)
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync(key, [7]);

        using var slashes = await oss.SendAsync(200, Copy("x", $"/{Bucket}/{OssEncoding.EncodePath(key)}"));
        using var encoded = await oss.SendAsync(200, Copy("y", $"/{Bucket}/{OssEncoding.Encode(key)}"));

        Assert.Equal([7], await TestOss.DownloadAsync(oss.Client, "x"));
        Assert.Equal([7], await TestOss.DownloadAsync(oss.Client, "y"));
    }

    [Theory]
    [InlineData("/{0}/a+b%2Bc%20d", "a b+c d")]
    [InlineData("/{0}/a+b", "a b")]
    public async Task Takes_a_plus_in_the_source_for_a_space_unlike_in_a_path(string source, string key)
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync(key, [7]);
        await oss.PutAsync("a+b", [8]);

        using var copied = await oss.SendAsync(200, Copy("x", string.Format(null, source, Bucket)));

        Assert.Equal([7], await TestOss.DownloadAsync(oss.Client, "x"));
    }

    [Fact]
    public async Task Keeps_what_a_multipart_object_is()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        byte[] first = TestOss.Bytes(102_400, 1), second = TestOss.Bytes(10, 2);
        var stored = await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload,
            [await oss.Client.UploadPartAsync(Bucket, "m", upload, 1, UploadBody.From(first)), await oss.Client.UploadPartAsync(Bucket, "m", upload, 2, UploadBody.From(second))]);

        using var copied = await oss.SendAsync(200, Copy("n", $"/{Bucket}/m"));
        using var head = await oss.HeadAsync("n");

        Assert.Equal((stored.ETag, "Multipart", Crc(first, second)),
            (TestOss.Header(head, "ETag"), TestOss.Header(head, "x-oss-object-type"), TestOss.Header(head, "x-oss-hash-crc64ecma")));
        Assert.Equal(Joined(first, second), await TestOss.DownloadAsync(oss.Client, "n"));
        Assert.Equal(2, oss.SegmentFiles().Length);
    }

    [Fact]
    public async Task A_copy_of_an_appendable_object_is_none()
    {
        await using var oss = await TestOss.StartAsync();
        using var begun = await oss.SendAsync(200, Request("POST", "log").With("append", null).With("position", "0"), new ByteArrayContent([1, 2]));

        using var copied = await oss.SendAsync(200, Copy("copy", $"/{Bucket}/log"));
        using var grown = await oss.SendAsync(200, Request("POST", "log").With("append", null).With("position", "2"), new ByteArrayContent([3]));
        using var head = await oss.HeadAsync("copy");

        Assert.Equal(("Normal", null), (TestOss.Header(head, "x-oss-object-type"), TestOss.Header(head, "x-oss-next-append-position")));
        Assert.Equal([1, 2], await TestOss.DownloadAsync(oss.Client, "copy"));
        Assert.Equal([1, 2, 3], await TestOss.DownloadAsync(oss.Client, "log"));
    }

    [Fact]
    public async Task Takes_metadata_and_tags_from_the_request_when_told_to()
    {
        await using var oss = await StartAsync();
        (string, string)[] own = [("Content-Type", "text/html"), ("x-oss-meta-n", "2"), ("x-oss-tagging", "x=1&y=2"), ("x-oss-object-acl", "private"), ("x-oss-storage-class", "IA")];

        using var both = await oss.SendAsync(200, Copy("both", $"/{Bucket}/a", [("x-oss-metadata-directive", "REPLACE"), ("x-oss-tagging-directive", "Replace"), .. own]));
        using var none = await oss.SendAsync(200, Copy("none", $"/{Bucket}/a", [("x-oss-metadata-directive", "COPY"), ("x-oss-tagging-directive", "Copy"), .. own]));
        using var replaced = await oss.HeadAsync("both");
        using var copied = await oss.HeadAsync("none");

        Assert.Equal(("text/html", null, "2", null, "2"), (TestOss.Header(replaced, "Content-Type"), TestOss.Header(replaced, "x-oss-meta-m"), TestOss.Header(replaced, "x-oss-meta-n"),
            TestOss.Header(replaced, "Cache-Control"), TestOss.Header(replaced, "x-oss-tagging-count")));
        Assert.Equal(("text/plain", "1", null, "1"), (TestOss.Header(copied, "Content-Type"), TestOss.Header(copied, "x-oss-meta-m"), TestOss.Header(copied, "x-oss-meta-n"),
            TestOss.Header(copied, "x-oss-tagging-count")));
        Assert.Equal(("private", "IA"), (TestOss.Header(replaced, "x-oss-object-acl"), TestOss.Header(replaced, "x-oss-storage-class")));
        Assert.Equal(("private", "IA"), (TestOss.Header(copied, "x-oss-object-acl"), TestOss.Header(copied, "x-oss-storage-class")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("COPY")]
    [InlineData("REPLACE")]
    public async Task Onto_itself_it_takes_the_metadata_of_the_request(string? directive)
    {
        await using var oss = await StartAsync();
        oss.Clock.Advance(TimeSpan.FromMinutes(1));

        using var copied = await oss.SendAsync(200, Copy("a", $"/{Bucket}/a", [("Content-Type", "text/html"), .. directive is null ? [] : new[] { ("x-oss-metadata-directive", directive) }]));
        using var head = await oss.HeadAsync("a");

        Assert.Equal(("text/html", null), (TestOss.Header(head, "Content-Type"), TestOss.Header(head, "x-oss-meta-m")));
        Assert.Equal(oss.Clock.GetUtcNow().ToString("R"), TestOss.Header(head, "Last-Modified"));
        Assert.Equal(Content, await TestOss.DownloadAsync(oss.Client, "a"));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Answers_the_conditions_on_the_source()
    {
        await using var oss = await StartAsync();
        var etag = Convert.ToHexString(TestOss.Md5(Content));
        var stored = oss.Clock.GetUtcNow();
        oss.Clock.Advance(TimeSpan.FromHours(2));
        ((string Name, string Value) Header, int Status)[] cases =
        [
            (("if-match", etag), 200), (("if-match", $"\"{etag}\""), 200), (("if-match", "other"), 412),
            (("if-none-match", "other"), 200), (("if-none-match", etag), 304),
            (("if-modified-since", stored.AddHours(-1).ToString("R")), 200), (("if-modified-since", stored.ToString("R")), 304), (("if-modified-since", "yesterday"), 200),
            (("if-unmodified-since", stored.ToString("R")), 200), (("if-unmodified-since", stored.AddHours(-1).ToString("R")), 412),
            (("if-unmodified-since", stored.AddHours(-1).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)), 412),
        ];

        foreach (var (header, status) in cases)
        {
            using var response = await oss.SendAsync(Copy("b", $"/{Bucket}/a", ("x-oss-copy-source-" + header.Name, header.Value)));
            Assert.Equal((header, status), (header, (int)response.StatusCode));
        }
    }

    [Theory]
    [InlineData("", 400, "InvalidArgument")]
    [InlineData("examplebucket/a", 400, "InvalidArgument")]
    [InlineData("/", 400, "InvalidArgument")]
    [InlineData("/examplebucket", 400, "InvalidArgument")]
    [InlineData("/examplebucket/", 400, "InvalidArgument")]
    [InlineData("/examplebucket/a?unknown=1", 400, "InvalidArgument")]
    [InlineData("/examplebucket/a?versionId=", 400, "InvalidArgument")]
    [InlineData("/examplebucket/a?versionId=other", 501, "NotImplemented")]
    [InlineData("/examplebucket/%FF", 400, "InvalidObjectName")]
    [InlineData("/Bucket/a", 400, "InvalidBucketName")]
    [InlineData("/no-such-bucket/a", 404, "NoSuchBucket")]
    [InlineData("/examplebucket/other", 404, "NoSuchKey")]
    public async Task Refuses_sources_that_are_none(string source, int status, string code)
    {
        await using var oss = await StartAsync();

        var error = await oss.RefusedAsync(Copy("b", source));

        Assert.Equal((status, code), (error.HttpStatus, error.Code));
    }

    [Theory]
    [InlineData("x-oss-metadata-directive", "MOVE")]
    [InlineData("x-oss-tagging-directive", "x")]
    [InlineData("x-oss-storage-class", "ia")]
    [InlineData("x-oss-object-acl", "everybody")]
    public async Task Refuses_headers_with_values_that_OSS_does_not_have(string name, string value)
    {
        await using var oss = await StartAsync();

        var error = await oss.RefusedAsync(Copy("b", $"/{Bucket}/a", (name, value)));

        Assert.Equal((400, "InvalidArgument"), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task Does_not_overwrite_when_told_not_to()
    {
        await using var oss = await StartAsync();
        await oss.PutAsync("b", [1]);

        var refused = await oss.RefusedAsync(Copy("b", $"/{Bucket}/a", ("x-oss-forbid-overwrite", "true")));
        using var allowed = await oss.SendAsync(200, Copy("c", $"/{Bucket}/a", ("x-oss-forbid-overwrite", "true")));

        Assert.Equal((409, "FileAlreadyExists"), (refused.HttpStatus, refused.Code));
        Assert.Equal([1], await TestOss.DownloadAsync(oss.Client, "b"));
        using var deleted = await oss.SendAsync(204, Request("DELETE", "a"));
        Assert.Equal(Content, await TestOss.DownloadAsync(oss.Client, "c"));
    }

    [Fact]
    public async Task Does_not_read_what_is_archived()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1], ("x-oss-storage-class", "Archive"));

        var error = await oss.RefusedAsync(Copy("b", $"/{Bucket}/a"));

        Assert.Equal((403, "InvalidObjectState"), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task Large_objects_keep_their_bucket_or_their_storage_class()
    {
        const long GB = 1024 * 1024 * 1024;
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            await oss.PutAsync("1", [1]);
            await oss.PutAsync("5", [1]);
        }

        Enlarge(folder, "1", GB + 1);
        Enlarge(folder, "5", (5 * GB) + 1);
        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            var converted = await oss.RefusedAsync(Copy("1", $"/{Bucket}/1", ("x-oss-storage-class", "IA")));
            var elsewhere = await oss.RefusedAsync(new OssRequest("PUT", "other-bucket", "x") { Headers = { ["x-oss-copy-source"] = $"/{Bucket}/5" } });
            using var here = await oss.SendAsync(200, Copy("x", $"/{Bucket}/5"));

            Assert.Equal((400, "EntityTooLarge"), (converted.HttpStatus, converted.Code));
            Assert.Equal((400, "EntityTooLarge"), (elsewhere.HttpStatus, elsewhere.Code));
            Assert.Equal((5 * GB) + 1, (await oss.Client.HeadObjectAsync(Bucket, "x"))?.Size);
        }

        folder.Delete(recursive: true);
    }

    // A file with a hole in it takes no room.
    private static void Enlarge(DirectoryInfo folder, string key, long size)
    {
        var bucket = Path.Combine(folder.FullName, "buckets", Bucket);
        var file = Directory.GetFiles(Path.Combine(bucket, "objects")).Single(path => (string?)JsonNode.Parse(File.ReadAllText(path))!["key"] == key);
        var record = JsonNode.Parse(File.ReadAllText(file))!;
        record["size"] = size;
        record["segments"]![0]!["size"] = size;
        File.WriteAllText(file, record.ToJsonString());
        using var segment = File.OpenWrite(Path.Combine(bucket, "segments", (string)record["segments"]![0]!["name"]!));
        segment.SetLength(size);
    }
}
