using System.Net;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Http;

public sealed class AddressingTests
{
    public static TheoryData<string> OddKeys =>
    [
        "a/../b", "./x", "../../etc/passwd", "a//b", "a/./b/", "x/..", "+", "a+b c", "%", "%2F", "100%25", "a?b#c&d=e", "中文/文件.txt", "emoji-😀.png", "quote\"'<>&.xml",
        "back\\slash", "tilde~!*()", "a|b^c`{}[]", " leading and trailing ", "_emulator/x", new string('k', 1023), "é",
    ];

    [Theory]
    [MemberData(nameof(OddKeys))]
    public async Task Keys_are_taken_to_the_letter(string key)
    {
        await using var oss = await TestOss.StartAsync();
        var bytes = TestOss.Bytes(1000);

        await oss.Client.PutObjectAsync(TestOss.BucketName, key, UploadBody.From(bytes));
        var head = await oss.Client.HeadObjectAsync(TestOss.BucketName, key);
        var upload = await oss.Client.InitiateMultipartUploadAsync(TestOss.BucketName, key);
        await oss.Client.UploadPartAsync(TestOss.BucketName, key, upload, 1, UploadBody.From(bytes));
        var parts = new List<UploadedPart>();
        await foreach (var part in oss.Client.ListPartsAsync(TestOss.BucketName, key, upload))
        {
            parts.Add(part);
        }

        Assert.Equal(1000, head?.Size);
        Assert.Equal(bytes, await TestOss.DownloadAsync(oss.Client, key));
        Assert.Equal(Crc64.Compute(bytes), parts.Single().Crc64);
        Assert.All(oss.Emulator.Requests, request => Assert.Equal(key, request.Key));
    }

    [Fact]
    public async Task Keys_that_differ_only_by_dots_or_escapes_are_different_objects()
    {
        await using var oss = await TestOss.StartAsync();
        string[] keys = ["a/b", "a/./b", "a/c/../b", "a//b", "a%2Fb", "A/b"];
        foreach (var key in keys)
        {
            await oss.Client.PutObjectAsync(TestOss.BucketName, key, UploadBody.From(Encoding.UTF8.GetBytes(key)));
        }

        foreach (var key in keys)
        {
            Assert.Equal(key, Encoding.UTF8.GetString(await TestOss.DownloadAsync(oss.Client, key)));
        }
    }

    [Theory]
    [InlineData("/begins-with-slash")]
    [InlineData("\\begins-with-backslash")]
    public async Task Refuses_keys_that_OSS_does_not_take(string key)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync(new OssRequest("PUT", TestOss.BucketName, key), new ByteArrayContent([1])));

        Assert.Equal((400, "InvalidObjectName"), (error.HttpStatus, error.Code));
    }

    [Theory]
    [InlineData("%FF")]
    [InlineData("a%C3")]
    [InlineData("100%")]
    [InlineData("%zz")]
    [InlineData("%+5")]
    public async Task Refuses_paths_that_do_not_decode(string path)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync("PUT", $"{oss.Emulator.Endpoint}/{TestOss.BucketName}/{path}", []));

        Assert.Equal("InvalidObjectName", error.Code);
    }

    [Fact]
    public async Task Refuses_a_key_of_1024_bytes()
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync(new OssRequest("PUT", TestOss.BucketName, new string('中', 341) + "k"), new ByteArrayContent([1])));

        Assert.Equal("InvalidObjectName", error.Code);
    }

    [Theory]
    [InlineData("missing-bucket", "NoSuchBucket", 404)]
    [InlineData("No_Bucket", "InvalidBucketName", 400)]
    public async Task Refuses_buckets_that_are_not_there(string bucket, string code, int status)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync(new OssRequest("GET", bucket, "a")));

        Assert.Equal((status, code), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task A_subdomain_of_the_endpoint_name_is_a_bucket()
    {
        await using var oss = await TestOss.StartAsync(endpointName: "oss-cn-hangzhou.localhost");
        var request = new OssRequest("PUT", TestOss.BucketName, "examplebucket/a");
        oss.Signer.Sign(request, oss.Clock.GetUtcNow());

        using var response = await oss.SendAsync(
            "PUT", oss.Emulator.Endpoint + "/examplebucket/a", request.Headers.Append(new("Host", "examplebucket.oss-cn-hangzhou.localhost:80")), new ByteArrayContent([7]));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([7], await TestOss.DownloadAsync(oss.Client, "examplebucket/a"));
    }

    [Fact]
    public async Task The_endpoint_name_itself_is_no_place_for_buckets()
    {
        await using var oss = await TestOss.StartAsync(endpointName: "oss-cn-hangzhou.localhost");

        var error = await TestOss.ErrorAsync(await oss.SendAsync("GET", oss.Emulator.Endpoint + "/examplebucket/a", [new("Host", "oss-cn-hangzhou.localhost")]));

        Assert.Equal((403, "SecondLevelDomainForbidden"), (error.HttpStatus, error.Code));
    }

    [Theory]
    [InlineData("GET", "regions", null, "DescribeRegions")]
    [InlineData("PUT", "symlink", null, "PutSymlink")]
    [InlineData("GET", "symlink", null, "GetSymlink")]
    [InlineData("POST", "restore", null, "RestoreObject")]
    [InlineData("POST", "cleanRestoredObject", null, "CleanRestoredObject")]
    [InlineData("POST", "seal", null, "SealAppendObject")]
    [InlineData("GET", "x-oss-process", null, "GetObject with x-oss-process")]
    [InlineData("POST", "x-oss-process", null, "ProcessObject")]
    [InlineData("POST", "x-oss-async-process", null, "AsyncProcessObject")]
    [InlineData("PUT", "live", null, "PutLiveChannel")]
    [InlineData("PUT", "versionId", null, "PutObject with versionId")]
    [InlineData("PUT", "encryption", null, "PUT ?encryption on an object")]
    [InlineData("PUT", null, "x-oss-server-side-encryption", "PutObject with x-oss-server-side-encryption")]
    public async Task What_it_cannot_do_it_says_by_name(string method, string? subResource, string? header, string operation)
    {
        await using var oss = await TestOss.StartAsync();
        var request = operation == "DescribeRegions" ? new OssRequest(method, null, null) : new OssRequest(method, TestOss.BucketName, "a");
        if (subResource is not null)
        {
            request.With(subResource, null);
        }

        if (header is not null)
        {
            request.Headers[header] = "value";
        }

        var error = await TestOss.ErrorAsync(await oss.SendAsync(request));

        Assert.Equal((501, "NotImplemented"), (error.HttpStatus, error.Code));
        Assert.Contains(operation, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serves_its_callback_key()
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal(oss.Emulator.CallbackPublicKeyPem, await oss.Http.GetStringAsync(oss.Emulator.CallbackKeyUrl));
    }
}
