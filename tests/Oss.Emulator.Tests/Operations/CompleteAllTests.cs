using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Operations;

public sealed class CompleteAllTests
{
    private const string Bucket = TestOss.BucketName;
    private const int Small = (int)OssLimits.MinPartSize;

    private static OssRequest Complete(string upload, string all = "yes", params (string Name, string Value)[] headers) =>
        Request("POST", "m", [("x-oss-complete-all", all), .. headers]).With("uploadId", upload);

    private static async Task<string> UploadAsync(TestOss oss, params (int Number, byte[] Content)[] parts)
    {
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        foreach (var (number, content) in parts)
        {
            await oss.Client.UploadPartAsync(Bucket, "m", upload, number, UploadBody.From(content));
        }

        return upload;
    }

    [Fact]
    public async Task Takes_all_parts_in_ascending_order()
    {
        await using var oss = await TestOss.StartAsync();
        byte[] first = TestOss.Bytes(Small, 1), second = TestOss.Bytes(Small, 2), third = TestOss.Bytes(3, 3);
        var upload = await UploadAsync(oss, (10_000, third), (7, second), (2, first));

        using var response = await oss.SendAsync(200, Complete(upload));
        var result = CompleteMultipartUploadResult.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal((Bucket, "m"), (result.Bucket, result.Key));
        Assert.Matches("^\"[0-9A-F]{32}-3\"$", result.ETag);
        Assert.Equal(Crc(first, second, third), TestOss.Header(response, "x-oss-hash-crc64ecma"));
        Assert.Equal(Joined(first, second, third), await TestOss.DownloadAsync(oss.Client, "m"));
    }

    [Fact]
    public async Task Must_not_have_a_body()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await UploadAsync(oss, (1, [1]));

        var error = await oss.RefusedAsync(Complete(upload), Xml("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>x</ETag></Part></CompleteMultipartUpload>"));

        Assert.Equal((400, "InvalidArgument", "0042-00000216"), (error.HttpStatus, error.Code, error.Ec));
    }

    [Fact]
    public async Task Needs_parts_that_are_large_enough()
    {
        await using var oss = await TestOss.StartAsync();
        var none = await oss.RefusedAsync(Complete(await UploadAsync(oss)));
        var small = await oss.RefusedAsync(Complete(await UploadAsync(oss, (1, [1]), (2, [2]))));
        var other = await oss.RefusedAsync(Complete(await UploadAsync(oss, (1, [1])), "no"));

        Assert.Equal((400, "InvalidArgument"), (none.HttpStatus, none.Code));
        Assert.Equal((400, "EntityTooSmall"), (small.HttpStatus, small.Code));
        Assert.Equal((400, "InvalidArgument"), (other.HttpStatus, other.Code));
    }

    [Fact]
    public async Task The_ACL_may_come_at_the_end()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await UploadAsync(oss, (1, [1]));

        using var completed = await oss.SendAsync(200, Complete(upload, "yes", ("x-oss-object-acl", "public-read")));
        using var head = await oss.HeadAsync("m");

        Assert.Equal("public-read", TestOss.Header(head, "x-oss-object-acl"));
    }

    [Fact]
    public async Task The_last_part_may_be_empty()
    {
        await using var oss = await TestOss.StartAsync();
        var content = TestOss.Bytes(Small);
        var upload = await UploadAsync(oss, (1, content), (2, []));

        using var completed = await oss.SendAsync(200, Complete(upload));

        Assert.Equal(content, await TestOss.DownloadAsync(oss.Client, "m"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_whose_upload_ended_while_it_came_leaves_nothing(bool aborts)
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await UploadAsync(oss, (1, [1]));
        await using var connection = await oss.ConnectAsync();
        var request = Request("PUT", "m").With("partNumber", "2").With("uploadId", upload);
        await connection.WriteAsync(oss.RawHead(request, $"/{Bucket}/m?partNumber=2&uploadId={upload}", "Content-Length: 200000"));
        await connection.WriteAsync(new byte[100_000]);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (oss.SegmentFiles().Length < 2)
        {
            await Task.Delay(10, patience.Token);
        }

        using var ended = aborts ? await oss.SendAsync(204, Request("DELETE", "m").With("uploadId", upload)) : await oss.SendAsync(200, Complete(upload));
        await connection.WriteAsync(new byte[100_000]);
        using var reader = new StreamReader(connection);

        Assert.Equal("HTTP/1.1 404 Not Found", await reader.ReadLineAsync());
        Assert.Equal("NoSuchUpload", oss.Emulator.Requests[^1].ErrorCode);
        Assert.Equal(aborts ? 0 : 1, oss.SegmentFiles().Length);
    }
}
