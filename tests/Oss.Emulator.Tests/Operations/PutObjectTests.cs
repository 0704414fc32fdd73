using System.Net;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Operations;

public sealed class PutObjectTests
{
    [Fact]
    public async Task Stores_an_object_and_says_what_it_stored()
    {
        await using var oss = await TestOss.StartAsync();
        var bytes = TestOss.Bytes(300_000);

        using var response = await oss.SendAsync(new OssRequest("PUT", TestOss.BucketName, "a.bin"), new ByteArrayContent(bytes));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"\"{Convert.ToHexString(TestOss.Md5(bytes))}\"", TestOss.Header(response, "ETag"));
        Assert.Equal(Convert.ToBase64String(TestOss.Md5(bytes)), TestOss.Header(response, "Content-MD5"));
        Assert.Equal(Crc64.ToText(Crc64.Compute(bytes)), TestOss.Header(response, "x-oss-hash-crc64ecma"));
        Assert.Equal("AliyunOSS", TestOss.Header(response, "Server"));
        Assert.Equal(oss.Clock.GetUtcNow().ToString("R"), TestOss.Header(response, "Date"));
        Assert.Matches("^[0-9A-F]{24}$", TestOss.Header(response, "x-oss-request-id"));
        Assert.Equal(bytes, await TestOss.DownloadAsync(oss.Client, "a.bin"));
    }
}
