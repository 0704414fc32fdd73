using System.Net;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Operations;

public sealed class GetObjectTests
{
    private static readonly byte[] Content = TestOss.Bytes(1000);

    private static async Task<TestOss> StartAsync()
    {
        var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(Content), new ObjectProperties { ContentType = "text/plain" });
        return oss;
    }

    private static Task<HttpResponseMessage> GetAsync(TestOss oss, params (string Name, string Value)[] headers)
    {
        var request = new OssRequest("GET", TestOss.BucketName, "a");
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return oss.SendAsync(request);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-999", 0, 1000)]
    [InlineData("bytes=500-", 500, 500)]
    [InlineData("bytes=-10", 990, 10)]
    public async Task Sends_a_range(string range, int offset, int length)
    {
        await using var oss = await StartAsync();

        using var response = await GetAsync(oss, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {offset}-{offset + length - 1}/1000", TestOss.Header(response, "Content-Range"));
        Assert.Equal(Content[offset..(offset + length)], await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=500-1000")]
    [InlineData("bytes=9-3")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("bytes=-")]
    [InlineData("nonsense")]
    public async Task Sends_everything_for_a_range_that_does_not_fit(string range)
    {
        await using var oss = await StartAsync();

        using var response = await GetAsync(oss, ("Range", range));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Content, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=1000-", 416)]
    [InlineData("bytes=-0", 416)]
    [InlineData("bytes=500-1000", 206)]
    [InlineData("bytes=-2000", 206)]
    public async Task Keeps_to_the_standard_when_told_to(string range, int status)
    {
        await using var oss = await StartAsync();

        using var response = await GetAsync(oss, ("Range", range), ("x-oss-range-behavior", "standard"));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 416 ? "InvalidRange" : null, oss.Emulator.Requests[^1].ErrorCode);
    }

    [Fact]
    public async Task Answers_the_conditions_of_the_request()
    {
        await using var oss = await StartAsync();
        var etag = $"\"{Convert.ToHexString(TestOss.Md5(Content))}\"";
        var stored = oss.Clock.GetUtcNow().ToString("R");
        var earlier = oss.Clock.GetUtcNow().AddHours(-1).ToString("R");

        ((string, string) Header, int Status)[] cases =
        [
            (("If-Match", etag), 200), (("If-Match", "\"other\""), 412),
            (("If-None-Match", etag), 304), (("If-None-Match", "\"other\""), 200),
            (("If-Modified-Since", stored), 304), (("If-Modified-Since", earlier), 200),
            (("If-Unmodified-Since", stored), 200), (("If-Unmodified-Since", earlier), 412),
        ];
        foreach (var (header, status) in cases)
        {
            using var response = await GetAsync(oss, header);
            Assert.Equal((header, status), (header, (int)response.StatusCode));
        }
    }

    [Fact]
    public async Task Says_what_the_signed_query_wants_to_hear()
    {
        await using var oss = await StartAsync();
        var request = new OssRequest("GET", TestOss.BucketName, "a").With("response-content-type", "text/html").With("response-content-disposition", "attachment");
        var url = oss.Signer.Presign(request, oss.Endpoint, oss.Clock.GetUtcNow(), TimeSpan.FromMinutes(1));

        using var response = await oss.SendAsync("GET", url.Url, []);

        Assert.Equal("text/html", TestOss.Header(response, "Content-Type"));
        Assert.Equal("attachment", TestOss.Header(response, "Content-Disposition"));
    }

    [Fact]
    public async Task Says_that_there_is_no_such_key()
    {
        await using var oss = await StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync(new OssRequest("GET", TestOss.BucketName, "other")));

        Assert.Equal((404, "NoSuchKey"), (error.HttpStatus, error.Code));
        Assert.Contains(error.Details, detail => detail is { Key: "Key", Value: "other" });
    }

    [Fact]
    public async Task A_time_yet_to_come_is_no_condition()
    {
        await using var oss = await StartAsync();

        using var response = await GetAsync(oss, ("If-Modified-Since", oss.Clock.GetUtcNow().AddHours(1).ToString("R")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Says_only_what_the_content_decides_when_asked_for_the_meta()
    {
        await using var oss = await StartAsync();
        var request = new OssRequest("HEAD", TestOss.BucketName, "a") { Headers = { ["If-None-Match"] = "*", ["Range"] = "bytes=0-9" } }.With("objectMeta", null);

        using var response = await oss.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("1000", $"\"{Convert.ToHexString(TestOss.Md5(Content))}\"", oss.Clock.GetUtcNow().ToString("R"), Crc64.ToText(Crc64.Compute(Content))),
            (TestOss.Header(response, "Content-Length"), TestOss.Header(response, "ETag"), TestOss.Header(response, "Last-Modified"), TestOss.Header(response, "x-oss-hash-crc64ecma")));
        Assert.Equal((null, null), (TestOss.Header(response, "Content-Type"), TestOss.Header(response, "x-oss-object-type")));
    }

    [Theory]
    [InlineData("Archive")]
    [InlineData("ColdArchive")]
    [InlineData("DeepColdArchive")]
    public async Task Does_not_read_what_is_archived(string storageClass)
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1], ("x-oss-storage-class", storageClass));

        var error = await oss.RefusedAsync(new OssRequest("GET", TestOss.BucketName, "a"));
        using var head = await oss.HeadAsync("a");

        Assert.Equal((403, "InvalidObjectState"), (error.HttpStatus, error.Code));
        Assert.Equal(storageClass, TestOss.Header(head, "x-oss-storage-class"));
    }

    [Fact]
    public async Task Anonymous_callers_hear_what_is_stored()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1], ("x-oss-object-acl", "public-read"));

        var error = await TestOss.ErrorAsync(await oss.SendAsIsAsync(new OssRequest("GET", TestOss.BucketName, "a").With("response-content-type", "text/html")));

        Assert.Equal((400, "InvalidRequest"), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task Objects_have_the_storage_class_of_their_bucket()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        await using (var oss = await ObjectRequests.StartAsync(folder, storageClass: "IA"))
        {
            await oss.PutAsync("a", [1]);
            await oss.PutAsync("b", [1], ("x-oss-storage-class", "Standard"));
            using var ofBucket = await oss.HeadAsync("a");
            using var own = await oss.HeadAsync("b");

            Assert.Equal(("IA", "Standard"), (TestOss.Header(ofBucket, "x-oss-storage-class"), TestOss.Header(own, "x-oss-storage-class")));
        }

        folder.Delete(recursive: true);
    }
}
