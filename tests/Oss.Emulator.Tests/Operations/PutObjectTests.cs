using System.Net;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Operations;

public sealed class PutObjectTests
{
    private static OssRequest Put(params (string Name, string Value)[] headers)
    {
        var request = new OssRequest("PUT", TestOss.BucketName, "a");
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return request;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(9_000_001)]
    public async Task Stores_an_object_and_says_what_it_stored(int size)
    {
        await using var oss = await TestOss.StartAsync();
        var bytes = TestOss.Bytes(size);

        using var response = await oss.SendAsync(Put(), new ByteArrayContent(bytes));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"\"{Convert.ToHexString(TestOss.Md5(bytes))}\"", TestOss.Header(response, "ETag"));
        Assert.Equal(Convert.ToBase64String(TestOss.Md5(bytes)), TestOss.Header(response, "Content-MD5"));
        Assert.Equal(Crc64.ToText(Crc64.Compute(bytes)), TestOss.Header(response, "x-oss-hash-crc64ecma"));
        Assert.Equal("AliyunOSS", TestOss.Header(response, "Server"));
        Assert.Equal(oss.Clock.GetUtcNow().ToString("R"), TestOss.Header(response, "Date"));
        Assert.Matches("^[0-9A-F]{24}$", TestOss.Header(response, "x-oss-request-id"));
        Assert.Equal(bytes, await TestOss.DownloadAsync(oss.Client, "a"));
    }

    [Fact]
    public async Task Takes_a_chunked_body()
    {
        await using var oss = await TestOss.StartAsync();
        var bytes = TestOss.Bytes(2_000_000);
        using var body = new StreamContent(new MemoryStream(bytes));
        var request = Put();
        request.Headers["Transfer-Encoding"] = "chunked";

        using var response = await oss.SendAsync(request, body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(bytes, await TestOss.DownloadAsync(oss.Client, "a"));
    }

    [Fact]
    public async Task Wants_a_length_or_chunks()
    {
        await using var oss = await TestOss.StartAsync();
        await using var connection = await oss.ConnectAsync();

        await connection.WriteAsync(oss.RawHead(Put(), $"/{TestOss.BucketName}/a"));
        using var reader = new StreamReader(connection);

        Assert.Equal("HTTP/1.1 411 Length Required", await reader.ReadLineAsync());
        Assert.Equal("MissingContentLength", oss.Emulator.Requests.Single().ErrorCode);
    }

    [Fact]
    public async Task Refuses_more_than_5_GB_without_reading_it()
    {
        await using var oss = await TestOss.StartAsync();
        await using var connection = await oss.ConnectAsync();

        await connection.WriteAsync(oss.RawHead(Put(), $"/{TestOss.BucketName}/a", $"Content-Length: {OssLimits.MaxSimpleUploadSize + 1}"));
        using var reader = new StreamReader(connection);

        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync());
        Assert.Equal("EntityTooLarge", oss.Emulator.Requests.Single().ErrorCode);
    }

    [Fact]
    public async Task Returns_the_headers_it_was_given()
    {
        await using var oss = await TestOss.StartAsync();
        (string Name, string Value)[] headers =
        [
            ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), ("Content-Disposition", "attachment; filename=\"x.txt\""), ("Content-Encoding", "identity"),
            ("Expires", "Wed, 01 Jan 2030 00:00:00 GMT"), ("x-oss-meta-owner", "Zoe"), ("x-oss-storage-class", "IA"), ("x-oss-object-acl", "private"),
        ];

        using var put = await oss.SendAsync(Put(headers), new ByteArrayContent([1]));
        using var head = await oss.SendAsync(new OssRequest("HEAD", TestOss.BucketName, "a"));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.All(headers, header => Assert.Equal(header.Value, TestOss.Header(head, header.Name)));
        Assert.Equal("Normal", TestOss.Header(head, "x-oss-object-type"));
        Assert.Equal(oss.Clock.GetUtcNow().ToString("R"), TestOss.Header(head, "Last-Modified"));
    }

    [Fact]
    public async Task Has_a_content_type_when_none_was_given()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[1]));

        var head = await oss.Client.HeadObjectAsync(TestOss.BucketName, "a");

        Assert.Equal("application/octet-stream", head?.ContentType);
    }

    [Fact]
    public async Task Refuses_more_than_8_KB_of_metadata()
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync(Put(("x-oss-meta-a", new string('x', 5000)), ("x-oss-meta-b", new string('x', 5000))), new ByteArrayContent([1])));

        Assert.Equal("InvalidArgument", error.Code);
    }

    [Theory]
    [InlineData("x-oss-object-acl", "everybody")]
    [InlineData("x-oss-storage-class", "standard")]
    public async Task Refuses_values_that_OSS_does_not_have(string header, string value)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync(Put((header, value)), new ByteArrayContent([1])));

        Assert.Equal("InvalidArgument", error.Code);
    }

    [Fact]
    public async Task Does_not_overwrite_when_told_not_to()
    {
        await using var oss = await TestOss.StartAsync();
        var careful = new ObjectProperties { ForbidOverwrite = true };
        await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[] { 1 }), careful);

        var refused = await Assert.ThrowsAsync<OssException>(() => oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[] { 2 }), careful));

        Assert.Equal((409, "FileAlreadyExists"), (refused.Error.HttpStatus, refused.Error.Code));
        Assert.Equal([1], await TestOss.DownloadAsync(oss.Client, "a"));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task An_overwrite_leaves_nothing_of_the_object_before()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[10]), new ObjectProperties { ContentType = "text/plain" });
        await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[] { 2 }));

        Assert.Equal([2], await TestOss.DownloadAsync(oss.Client, "a"));
        Assert.Equal("application/octet-stream", (await oss.Client.HeadObjectAsync(TestOss.BucketName, "a"))?.ContentType);
        Assert.Single(oss.SegmentFiles());
    }

    [Theory]
    [InlineData("1B2M2Y8AsgTpgAmY7PhCfg==")]
    [InlineData("not base64")]
    [InlineData("AAAA")]
    public async Task Refuses_a_body_that_is_not_what_its_MD5_says(string md5)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync(Put(("Content-MD5", md5)), new ByteArrayContent(Encoding.UTF8.GetBytes("content"))));

        Assert.Equal((400, "InvalidDigest"), (error.HttpStatus, error.Code));
        Assert.Null(await oss.Client.HeadObjectAsync(TestOss.BucketName, "a"));
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task Accepts_a_body_that_is_what_its_MD5_says()
    {
        await using var oss = await TestOss.StartAsync();
        var bytes = TestOss.Bytes(1000);

        using var response = await oss.SendAsync(Put(("Content-MD5", Convert.ToBase64String(TestOss.Md5(bytes)))), new ByteArrayContent(bytes));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Deletes_whether_or_not_there_is_something_to_delete()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[1]));

        using var first = await oss.SendAsync(new OssRequest("DELETE", TestOss.BucketName, "a"));
        using var second = await oss.SendAsync(new OssRequest("DELETE", TestOss.BucketName, "a"));

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (first.StatusCode, second.StatusCode));
        Assert.Null(await oss.Client.HeadObjectAsync(TestOss.BucketName, "a"));
        Assert.Empty(oss.SegmentFiles());
    }
}
