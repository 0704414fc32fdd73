using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Operations;

public sealed class UploadPartCopyTests
{
    private const string Bucket = TestOss.BucketName;
    private static readonly byte[] Content = TestOss.Bytes(300_000);

    private static async Task<(TestOss Oss, string Upload)> StartAsync()
    {
        var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", Content);
        return (oss, await oss.Client.InitiateMultipartUploadAsync(Bucket, "m"));
    }

    private static OssRequest Copy(string upload, int part, string source, params (string Name, string Value)[] headers) =>
        Request("PUT", "m", [("x-oss-copy-source", source), .. headers]).With("partNumber", $"{part}").With("uploadId", upload);

    [Fact]
    public async Task Makes_parts_of_ranges()
    {
        var (oss, upload) = await StartAsync();
        await using var started = oss;

        using var first = await oss.SendAsync(200, Copy(upload, 1, $"/{Bucket}/a", ("x-oss-copy-source-range", "bytes=100000-299999")));
        using var second = await oss.SendAsync(200, Copy(upload, 2, $"/{Bucket}/a", ("x-oss-copy-source-range", "bytes=0-99999")));
        var results = new[] { CopyResult.ParsePart(await first.Content.ReadAsStringAsync()), CopyResult.ParsePart(await second.Content.ReadAsStringAsync()) };
        var stored = await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, [new(1, results[0].ETag, 200_000, null), new(2, results[1].ETag, 100_000, null)]);
        using var deleted = await oss.SendAsync(204, Request("DELETE", "a"));

        var etag = $"\"{Convert.ToHexString(TestOss.Md5(Content[100_000..]))}\"";
        Assert.Equal(new CopyResult(etag, oss.Clock.GetUtcNow()), results[0]);
        Assert.Equal((etag, Crc(Content[100_000..]), "bytes 100000-299999/300000"),
            (TestOss.Header(first, "ETag"), TestOss.Header(first, "x-oss-hash-crc64ecma"), TestOss.Header(first, "Content-Range")));
        Assert.Equal(Joined(Content[100_000..], Content[..100_000]), await TestOss.DownloadAsync(oss.Client, "m"));
        Assert.Equal(Crc(Content[100_000..], Content[..100_000]), Crc64.ToText(stored.Crc64!.Value));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bytes=0-300000")]
    [InlineData("0-9")]
    [InlineData("bytes=9-3")]
    [InlineData("nonsense")]
    public async Task Copies_everything_without_a_range_and_for_one_that_is_none(string? range)
    {
        var (oss, upload) = await StartAsync();
        await using var started = oss;

        using var response = await oss.SendAsync(200, Copy(upload, 1, $"/{Bucket}/a", range is null ? [] : [("x-oss-copy-source-range", range)]));

        Assert.Equal($"\"{Convert.ToHexString(TestOss.Md5(Content))}\"", CopyResult.ParsePart(await response.Content.ReadAsStringAsync()).ETag);
        Assert.Null(TestOss.Header(response, "Content-Range"));
    }

    [Fact]
    public async Task Copies_across_the_pieces_of_an_object_and_from_another_bucket()
    {
        await using var oss = await TestOss.StartAsync();
        byte[] first = TestOss.Bytes(102_400, 1), second = TestOss.Bytes(5000, 2);
        var source = await oss.Client.InitiateMultipartUploadAsync("other-bucket", "s");
        await oss.Client.CompleteMultipartUploadAsync("other-bucket", "s", source, [
            await oss.Client.UploadPartAsync("other-bucket", "s", source, 1, UploadBody.From(first)), await oss.Client.UploadPartAsync("other-bucket", "s", source, 2, UploadBody.From(second))]);
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");

        using var response = await oss.SendAsync(200, Copy(upload, 1, "/other-bucket/s", ("x-oss-copy-source-range", "bytes=102390-102409")));

        Assert.Equal(Crc(first[102_390..], second[..10]), TestOss.Header(response, "x-oss-hash-crc64ecma"));
    }

    [Fact]
    public async Task Every_condition_that_does_not_hold_is_412()
    {
        var (oss, upload) = await StartAsync();
        await using var started = oss;
        var etag = Convert.ToHexString(TestOss.Md5(Content));
        var stored = oss.Clock.GetUtcNow();
        (string, string)[] failing =
        [
            ("x-oss-copy-source-if-match", "other"), ("x-oss-copy-source-if-none-match", etag),
            ("x-oss-copy-source-if-modified-since", stored.ToString("R")), ("x-oss-copy-source-if-unmodified-since", stored.AddHours(-1).ToString("R")),
        ];

        foreach (var header in failing)
        {
            var error = await oss.RefusedAsync(Copy(upload, 1, $"/{Bucket}/a", header));
            Assert.Equal((412, "PreconditionFailed"), (error.HttpStatus, error.Code));
        }

        Assert.Single(oss.SegmentFiles());
    }

    [Theory]
    [InlineData("/no-such-bucket/a", "NoSuchBucket")]
    [InlineData("/examplebucket/other", "NoSuchKey")]
    [InlineData("examplebucket/a", "InvalidArgument")]
    public async Task Refuses_sources_that_are_none(string source, string code)
    {
        var (oss, upload) = await StartAsync();
        await using var started = oss;

        Assert.Equal(code, (await oss.RefusedAsync(Copy(upload, 1, source))).Code);
    }

    [Fact]
    public async Task Refuses_uploads_and_part_numbers_that_are_none()
    {
        var (oss, upload) = await StartAsync();
        await using var started = oss;

        var upload404 = await oss.RefusedAsync(Copy("other", 1, $"/{Bucket}/a"));
        var number = await oss.RefusedAsync(Copy(upload, 10_001, $"/{Bucket}/a"));

        Assert.Equal(("NoSuchUpload", "InvalidArgument"), (upload404.Code, number.Code));
        Assert.Single(oss.SegmentFiles());
    }
}
