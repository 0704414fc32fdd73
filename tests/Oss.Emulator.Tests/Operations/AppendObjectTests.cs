using System.Globalization;
using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Operations;

public sealed class AppendObjectTests
{
    private static OssRequest Append(string? position, params (string Name, string Value)[] headers)
    {
        var request = Request("POST", "log", headers).With("append", null);
        return position is null ? request : request.With("position", position);
    }

    private static Task<HttpResponseMessage> AppendAsync(TestOss oss, long position, byte[] bytes, params (string Name, string Value)[] headers) =>
        oss.SendAsync(200, Append(position.ToString(CultureInfo.InvariantCulture), headers), new ByteArrayContent(bytes));

    [Fact]
    public async Task Makes_an_object_that_grows()
    {
        await using var oss = await TestOss.StartAsync();
        byte[] first = TestOss.Bytes(100, 1), second = TestOss.Bytes(150_000, 2);

        using var one = await AppendAsync(oss, 0, first, ("Content-Type", "text/plain"), ("x-oss-meta-a", "1"), ("x-oss-object-acl", "public-read"), ("x-oss-tagging", "k=v"));
        oss.Clock.Advance(TimeSpan.FromMinutes(1));
        using var two = await AppendAsync(oss, 100, second, ("Content-Type", "text/html"), ("x-oss-meta-a", "2"));
        using var head = await oss.HeadAsync("log");

        Assert.Equal("100", TestOss.Header(one, "x-oss-next-append-position"));
        Assert.Equal(Crc(first), TestOss.Header(one, "x-oss-hash-crc64ecma"));
        Assert.Equal("150100", TestOss.Header(two, "x-oss-next-append-position"));
        Assert.Equal(Crc(first, second), TestOss.Header(two, "x-oss-hash-crc64ecma"));
        Assert.Equal(Joined(first, second), await TestOss.DownloadAsync(oss.Client, "log"));
        Assert.Equal(second[..50], await TestOss.DownloadAsync(oss.Client, "log", (100, 50)));
        Assert.Equal(Joined(first[90..], second[..10]), await TestOss.DownloadAsync(oss.Client, "log", (90, 20)));
        Assert.Equal(("Appendable", "150100", "text/plain", "1"),
            (TestOss.Header(head, "x-oss-object-type"), TestOss.Header(head, "x-oss-next-append-position"), TestOss.Header(head, "Content-Type"), TestOss.Header(head, "x-oss-meta-a")));
        Assert.Equal(("public-read", "1", null), (TestOss.Header(head, "x-oss-object-acl"), TestOss.Header(head, "x-oss-tagging-count"), TestOss.Header(head, "Content-MD5")));
        Assert.Equal(oss.Clock.GetUtcNow().ToString("R"), TestOss.Header(head, "Last-Modified"));
        Assert.Equal(TestOss.Header(two, "ETag"), TestOss.Header(head, "ETag"));
        Assert.Matches("^\"[0-9A-F]{32}\"$", TestOss.Header(one, "ETag"));
        Assert.NotEqual(TestOss.Header(one, "ETag"), TestOss.Header(two, "ETag"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    [InlineData("0")]
    public async Task Says_where_to_go_on_when_the_position_is_wrong(string position)
    {
        await using var oss = await TestOss.StartAsync();
        using var begun = await AppendAsync(oss, 0, [1, 2, 3]);

        using var response = await oss.SendAsync(409, Append(position), new ByteArrayContent([4]));
        var error = OssError.Parse(await response.Content.ReadAsStringAsync(), 409, null);

        Assert.Equal(("PositionNotEqualToLength", "0026-00000016"), (error.Code, error.Ec));
        Assert.Equal("3", TestOss.Header(response, "x-oss-next-append-position"));
        Assert.Equal([1, 2, 3], await TestOss.DownloadAsync(oss.Client, "log"));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Begins_at_position_0()
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await oss.SendAsync(409, Append("5"), new ByteArrayContent([4]));

        Assert.Equal("0", TestOss.Header(response, "x-oss-next-append-position"));
        Assert.Empty(oss.SegmentFiles());
    }

    [Theory]
    [InlineData(null, 411, "MissingArgument", "0016-00000501")]
    [InlineData("", 400, "InvalidArgument", "0016-00000502")]
    [InlineData("-1", 400, "InvalidArgument", "0016-00000502")]
    [InlineData("test", 400, "InvalidArgument", "0016-00000502")]
    public async Task A_position_is_a_number(string? position, int status, string code, string ec)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await oss.RefusedAsync(Append(position), new ByteArrayContent([1]));

        Assert.Equal((status, code, ec), (error.HttpStatus, error.Code, error.Ec));
    }

    [Fact]
    public async Task Does_not_append_to_what_was_stored_whole()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("log", [1]);

        var error = await oss.RefusedAsync(Append("1"), new ByteArrayContent([2]));

        Assert.Equal((409, "ObjectNotAppendable", "0026-00000017"), (error.HttpStatus, error.Code, error.Ec));
        Assert.Equal([1], await TestOss.DownloadAsync(oss.Client, "log"));
    }

    [Fact]
    public async Task A_put_takes_the_place_of_what_was_appended()
    {
        await using var oss = await TestOss.StartAsync();
        using var one = await AppendAsync(oss, 0, [1, 2, 3]);
        using var two = await AppendAsync(oss, 3, [4]);

        await oss.PutAsync("log", [9]);
        using var head = await oss.HeadAsync("log");

        Assert.Equal(("Normal", null), (TestOss.Header(head, "x-oss-object-type"), TestOss.Header(head, "x-oss-next-append-position")));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Appending_nothing_changes_nothing()
    {
        await using var oss = await TestOss.StartAsync();
        using var empty = await AppendAsync(oss, 0, []);
        using var same = await AppendAsync(oss, 0, []);
        using var some = await AppendAsync(oss, 0, [1]);
        oss.Clock.Advance(TimeSpan.FromMinutes(1));
        using var none = await AppendAsync(oss, 1, []);
        using var head = await oss.HeadAsync("log");

        Assert.Equal(("0", "0", "1", "1"), (TestOss.Header(empty, "x-oss-next-append-position"), TestOss.Header(same, "x-oss-next-append-position"),
            TestOss.Header(some, "x-oss-next-append-position"), TestOss.Header(none, "x-oss-next-append-position")));
        Assert.Equal("0", TestOss.Header(empty, "x-oss-hash-crc64ecma"));
        Assert.Equal(TestOss.Header(some, "ETag"), TestOss.Header(none, "ETag"));
        Assert.Equal(oss.Clock.GetUtcNow().AddMinutes(-1).ToString("R"), TestOss.Header(head, "Last-Modified"));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Refuses_a_piece_that_is_not_what_its_MD5_says()
    {
        await using var oss = await TestOss.StartAsync();

        var error = await oss.RefusedAsync(Append("0", ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")), new ByteArrayContent([1]));

        Assert.Equal("InvalidDigest", error.Code);
        Assert.Null(await oss.Client.HeadObjectAsync(TestOss.BucketName, "log"));
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task Refuses_to_grow_beyond_5_GB()
    {
        await using var oss = await TestOss.StartAsync();
        using var begun = await AppendAsync(oss, 0, [1]);
        await using var connection = await oss.ConnectAsync();

        await connection.WriteAsync(oss.RawHead(Append("1"), $"/{TestOss.BucketName}/log?append&position=1", $"Content-Length: {OssLimits.MaxAppendableSize}"));
        using var reader = new StreamReader(connection);

        Assert.Equal("HTTP/1.1 400 Bad Request", await reader.ReadLineAsync());
        Assert.Equal("EntityTooLarge", oss.Emulator.Requests[^1].ErrorCode);
    }

    [Fact]
    public async Task Of_many_at_one_position_one_is_taken()
    {
        await using var oss = await TestOss.StartAsync();
        using var begun = await AppendAsync(oss, 0, [0]);

        var statuses = await Task.WhenAll(Enumerable.Range(1, 16).Select(async seed =>
        {
            using var response = await oss.SendAsync(Append("1"), new ByteArrayContent(Enumerable.Repeat((byte)seed, 200_000).ToArray()));
            return (int)response.StatusCode;
        }));
        var content = await TestOss.DownloadAsync(oss.Client, "log");

        Assert.Single(statuses, 200);
        Assert.Equal(15, statuses.Count(status => status == 409));
        Assert.Equal(200_001, content.Length);
        Assert.Single(content[1..].Distinct());
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Many_small_pieces_are_few_files()
    {
        await using var oss = await TestOss.StartAsync();
        var whole = TestOss.Bytes(200 * 37);

        for (var position = 0; position < whole.Length; position += 37)
        {
            using var appended = await AppendAsync(oss, position, whole[position..(position + 37)]);
            Assert.Equal(Crc(whole[..(position + 37)]), TestOss.Header(appended, "x-oss-hash-crc64ecma"));
        }

        Assert.Equal(whole, await TestOss.DownloadAsync(oss.Client, "log"));
        Assert.InRange(oss.SegmentFiles().Length, 1, 8);
    }

    [Fact]
    public async Task Readers_keep_what_they_opened()
    {
        await using var oss = await TestOss.StartAsync();
        var first = TestOss.Bytes(3_000_000, 1);
        using var begun = await AppendAsync(oss, 0, first);
        using var reading = await oss.Client.GetObjectAsync(TestOss.BucketName, "log");

        using var grown = await AppendAsync(oss, first.Length, TestOss.Bytes(3_000_000, 2));
        await oss.PutAsync("log", [9]);
        using var read = new MemoryStream();
        await reading.Content.CopyToAsync(read);

        Assert.Equal(first, read.ToArray());
    }

    [Fact]
    public async Task Grows_on_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        byte[] first = TestOss.Bytes(5000, 1), second = TestOss.Bytes(10, 2), third = TestOss.Bytes(20, 3);
        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            using var one = await AppendAsync(oss, 0, first);
            using var two = await AppendAsync(oss, 5000, second);
        }

        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            using var three = await AppendAsync(oss, 5010, third);

            Assert.Equal(Joined(first, second, third), await TestOss.DownloadAsync(oss.Client, "log"));
            Assert.Equal(Crc(first, second, third), TestOss.Header(three, "x-oss-hash-crc64ecma"));
        }

        folder.Delete(recursive: true);
    }
}
