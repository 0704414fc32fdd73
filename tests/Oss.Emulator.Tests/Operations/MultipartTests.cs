using System.Net;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Operations;

public sealed class MultipartTests
{
    private const string Bucket = TestOss.BucketName;
    private const int Small = (int)OssLimits.MinPartSize;

    private static async Task<UploadedPart[]> UploadAsync(TestOss oss, string key, string upload, params byte[][] parts)
    {
        var uploaded = new List<UploadedPart>();
        foreach (var part in parts)
        {
            uploaded.Add(await oss.Client.UploadPartAsync(Bucket, key, upload, uploaded.Count + 1, UploadBody.From(part)));
        }

        return [.. uploaded];
    }

    private static Task<OssException> CompleteRefusedAsync(TestOss oss, string key, string upload, params UploadedPart[] parts) =>
        Assert.ThrowsAsync<OssException>(() => oss.Client.CompleteMultipartUploadAsync(Bucket, key, upload, parts));

    [Fact]
    public async Task Makes_an_object_of_its_parts()
    {
        await using var oss = await TestOss.StartAsync();
        byte[][] parts = [TestOss.Bytes(Small, 1), TestOss.Bytes(Small + 7, 2), TestOss.Bytes(3, 3)];
        var whole = parts.SelectMany(part => part).ToArray();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m", new ObjectProperties { ContentType = "video/mp4" });
        var uploaded = await UploadAsync(oss, "m", upload, parts);

        var stored = await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, uploaded);
        using var head = await oss.SendAsync(new OssRequest("HEAD", Bucket, "m"));

        Assert.Matches("^\"[0-9A-F]{32}-3\"$", stored.ETag);
        Assert.Equal(Crc64.Compute(whole), stored.Crc64);
        Assert.Equal(whole, await TestOss.DownloadAsync(oss.Client, "m"));
        Assert.Equal(whole[(Small - 5)..(Small + 20)], await TestOss.DownloadAsync(oss.Client, "m", (Small - 5, 25)));
        Assert.Equal(whole[Small..^1], await TestOss.DownloadAsync(oss.Client, "m", (Small, whole.Length - Small - 1)));
        Assert.Equal(("Multipart", "video/mp4"), (TestOss.Header(head, "x-oss-object-type"), TestOss.Header(head, "Content-Type")));
        Assert.Null(TestOss.Header(head, "Content-MD5"));
    }

    [Fact]
    public async Task Says_where_the_object_is()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "a b");
        var parts = await UploadAsync(oss, "a b", upload, [1]);
        var xml = new Protocol.CompleteMultipartUpload([(1, parts[0].ETag)]).ToXml().Replace("\"", "&quot;", StringComparison.Ordinal);

        using var response = await oss.SendAsync(
            new OssRequest("POST", Bucket, "a b").With("uploadId", upload), new ByteArrayContent(Encoding.UTF8.GetBytes(xml.Replace("&quot;1.0&quot; encoding=&quot;UTF-8&quot;", "\"1.0\" encoding=\"UTF-8\"", StringComparison.Ordinal))));
        var result = CompleteMultipartUploadResult.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(new CompleteMultipartUploadResult($"{oss.Emulator.Endpoint}/{Bucket}/a%20b", Bucket, "a b", TestOss.Header(response, "ETag")!), result);
    }

    [Fact]
    public async Task A_part_sent_again_takes_the_place_of_the_first()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var first = await UploadAsync(oss, "m", upload, [1, 1, 1]);
        var second = await UploadAsync(oss, "m", upload, [2]);

        var refused = await CompleteRefusedAsync(oss, "m", upload, first);
        await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, second);

        Assert.Equal((400, "InvalidPart"), (refused.Error.HttpStatus, refused.Error.Code));
        Assert.Equal([2], await TestOss.DownloadAsync(oss.Client, "m"));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Drops_parts_that_are_not_listed()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var parts = await UploadAsync(oss, "m", upload, TestOss.Bytes(Small, 1), TestOss.Bytes(Small, 2), TestOss.Bytes(9, 3));

        await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, [parts[0], parts[2]]);

        Assert.Equal(Small + 9, (await oss.Client.HeadObjectAsync(Bucket, "m"))?.Size);
        Assert.Equal(2, oss.SegmentFiles().Length);
    }

    [Fact]
    public async Task Only_the_last_part_may_be_small()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var parts = await UploadAsync(oss, "m", upload, TestOss.Bytes(Small, 1), TestOss.Bytes(Small - 1, 2), TestOss.Bytes(9, 3));

        var refused = await CompleteRefusedAsync(oss, "m", upload, parts);
        await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, parts[..2]);

        Assert.Equal(("EntityTooSmall", "0042-00000213"), (refused.Error.Code, refused.Error.Ec));
        Assert.Equal((2 * Small) - 1, (await oss.Client.HeadObjectAsync(Bucket, "m"))?.Size);
    }

    [Fact]
    public async Task Parts_must_be_listed_in_ascending_order()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var parts = await UploadAsync(oss, "m", upload, TestOss.Bytes(Small, 1), TestOss.Bytes(Small, 2));

        var swapped = await CompleteRefusedAsync(oss, "m", upload, parts[1], parts[0]);
        var twice = await CompleteRefusedAsync(oss, "m", upload, parts[0], parts[0]);
        var unknown = await CompleteRefusedAsync(oss, "m", upload, parts[0], parts[1], new UploadedPart(3, "\"00\"", 1, null));

        Assert.Equal(("InvalidPartOrder", "0042-00000209"), (swapped.Error.Code, swapped.Error.Ec));
        Assert.Equal("InvalidPartOrder", twice.Error.Code);
        Assert.Equal("InvalidPart", unknown.Error.Code);
    }

    [Theory]
    [InlineData("<CompleteMultipartUpload><Part>")]
    [InlineData("<CompleteMultipartUpload/>")]
    [InlineData("<Other><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></Other>")]
    [InlineData("")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"x\">]><CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&e;</ETag></Part></CompleteMultipartUpload>")]
    public async Task Refuses_what_is_no_list_of_parts(string xml)
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");

        var error = await TestOss.ErrorAsync(await oss.SendAsync(new OssRequest("POST", Bucket, "m").With("uploadId", upload), new ByteArrayContent(Encoding.UTF8.GetBytes(xml))));

        Assert.Equal((400, "MalformedXML"), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task Refuses_a_list_of_parts_that_never_ends()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");

        var error = await TestOss.ErrorAsync(await oss.SendAsync(new OssRequest("POST", Bucket, "m").With("uploadId", upload), new ByteArrayContent(new byte[5 * 1024 * 1024])));

        Assert.Equal("MalformedXML", error.Code);
    }

    [Fact]
    public async Task Completing_twice_finds_no_upload()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var parts = await UploadAsync(oss, "m", upload, [1]);
        await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, parts);

        Assert.Equal("NoSuchUpload", (await CompleteRefusedAsync(oss, "m", upload, parts)).Error.Code);
        Assert.Equal([1], await TestOss.DownloadAsync(oss.Client, "m"));
    }

    [Fact]
    public async Task Only_one_of_many_completions_succeeds()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var parts = await UploadAsync(oss, "m", upload, [1]);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, parts);
                return "completed";
            }
            catch (OssException e)
            {
                return e.Error.Code;
            }
        }));

        Assert.Single(outcomes, "completed");
        Assert.Equal(19, outcomes.Count(outcome => outcome == "NoSuchUpload"));
        Assert.Equal([1], await TestOss.DownloadAsync(oss.Client, "m"));
    }

    [Fact]
    public async Task An_upload_id_is_good_for_its_own_bucket_and_key_only()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");

        var otherKey = await Assert.ThrowsAsync<OssException>(() => UploadAsync(oss, "n", upload, [1]));
        var otherBucket = await Assert.ThrowsAsync<OssException>(() => oss.Client.UploadPartAsync("other-bucket", "m", upload, 1, UploadBody.From(new byte[1])));

        Assert.Equal(("NoSuchUpload", "NoSuchUpload"), (otherKey.Error.Code, otherBucket.Error.Code));
    }

    [Fact]
    public async Task An_aborted_upload_leaves_nothing()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        await UploadAsync(oss, "m", upload, [1], [2]);

        using var aborted = await oss.SendAsync(new OssRequest("DELETE", Bucket, "m").With("uploadId", upload));
        var again = await TestOss.ErrorAsync(await oss.SendAsync(new OssRequest("DELETE", Bucket, "m").With("uploadId", upload)));

        Assert.Equal(HttpStatusCode.NoContent, aborted.StatusCode);
        Assert.Equal((404, "NoSuchUpload"), (again.HttpStatus, again.Code));
        Assert.Empty(oss.SegmentFiles());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("10001")]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("")]
    public async Task Part_numbers_are_1_to_10000(string number)
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");

        var error = await TestOss.ErrorAsync(await oss.SendAsync(new OssRequest("PUT", Bucket, "m").With("partNumber", number).With("uploadId", upload), new ByteArrayContent([1])));

        Assert.Equal("InvalidArgument", error.Code);
        Assert.Contains(error.Details, detail => detail is { Key: "ArgumentName", Value: "partNumber" });
    }

    [Fact]
    public async Task Lists_parts_in_pages()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m & n");
        foreach (var number in (int[])[7, 2, 10_000, 5])
        {
            await oss.Client.UploadPartAsync(Bucket, "m & n", upload, number, UploadBody.From(new byte[number]));
        }

        async Task<ListPartsResult> Page(string marker, string? encoding)
        {
            var request = new OssRequest("GET", Bucket, "m & n").With("uploadId", upload).With("max-parts", "2").With("part-number-marker", marker);
            using var response = await oss.SendAsync(encoding is null ? request : request.With("encoding-type", encoding));
            return ListPartsResult.Parse(await response.Content.ReadAsStringAsync());
        }

        var first = await Page("0", "url");
        var second = await Page("5", null);

        Assert.Equal([2, 5], first.Parts.Select(part => part.Part.Number));
        Assert.Equal((true, 5), (first.IsTruncated, first.NextPartNumberMarker));
        Assert.Equal([7, 10_000], second.Parts.Select(part => part.Part.Number));
        Assert.Equal((false, 10_000), (second.IsTruncated, second.NextPartNumberMarker));
        Assert.Equal(("m & n", "m & n"), (first.Key, second.Key));
        Assert.Equal((5, Crc64.Compute(new byte[5]), oss.Clock.GetUtcNow()), (first.Parts[1].Part.Size, first.Parts[1].Part.Crc64, first.Parts[1].LastModified));
    }

    [Theory]
    [InlineData("max-parts", "0")]
    [InlineData("max-parts", "1001")]
    [InlineData("part-number-marker", "x")]
    [InlineData("encoding-type", "base64")]
    public async Task Refuses_to_list_in_ways_that_OSS_does_not_know(string parameter, string value)
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");

        var error = await TestOss.ErrorAsync(await oss.SendAsync(new OssRequest("GET", Bucket, "m").With("uploadId", upload).With(parameter, value)));

        Assert.Equal("InvalidArgument", error.Code);
    }

    [Fact]
    public async Task Does_not_overwrite_when_told_not_to()
    {
        await using var oss = await TestOss.StartAsync();
        var careful = new ObjectProperties { ForbidOverwrite = true };
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m", careful);
        var parts = await UploadAsync(oss, "m", upload, [1]);
        await oss.Client.PutObjectAsync(Bucket, "m", UploadBody.From(new byte[] { 9 }));

        var complete = await Assert.ThrowsAsync<OssException>(() => oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, parts, careful));
        var initiate = await Assert.ThrowsAsync<OssException>(() => oss.Client.InitiateMultipartUploadAsync(Bucket, "m", careful));
        await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, parts);

        Assert.Equal(("FileAlreadyExists", "FileAlreadyExists"), (complete.Error.Code, initiate.Error.Code));
        Assert.Equal([1], await TestOss.DownloadAsync(oss.Client, "m"));
    }
}
