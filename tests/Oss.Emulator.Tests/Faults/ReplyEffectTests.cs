using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Oss.Emulator.Faults;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Faults;

public sealed class ReplyEffectTests
{
    private const string Bucket = TestOss.BucketName;
    private static readonly byte[] Content = TestOss.Bytes(200_000);

    private static async Task<TestOss> StartAsync(FaultEffect effect, string operation = "GetObject", TimeProvider? pace = null, long seed = 0)
    {
        var oss = await TestOss.StartAsync(pace: pace, faultSeed: seed);
        await oss.Client.PutObjectAsync(Bucket, "k", UploadBody.From(Content));
        oss.Emulator.Faults.Add(new Fault { Operation = operation, Effect = effect });
        return oss;
    }

    private static async Task StillServesAsync(TestOss oss)
    {
        oss.Emulator.Faults.Clear();
        Assert.Equal(Content, await TestOss.DownloadAsync(oss.Client, "k"));
        Assert.Single(oss.SegmentFiles());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(100_000, 100_000)]
    [InlineData(200_000, 199_999)]
    public async Task A_reply_breaks_off_within_its_body(long after, int sent)
    {
        await using var oss = await StartAsync(new ResetReplyEffect { AfterBytes = after, IsClosed = true });

        var (head, body, _) = await Wire.ExchangeAsync(oss, new OssRequest("GET", Bucket, "k"));

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 200000", head, StringComparison.Ordinal);
        Assert.Equal(Content[..sent], body);
        Assert.Equal(["resetReply"], oss.Emulator.Requests[^1].Faults);
        await StillServesAsync(oss);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(200_000)]
    public async Task A_reset_reply_has_no_more_than_it_may(long after)
    {
        await using var oss = await StartAsync(new ResetReplyEffect { AfterBytes = after });

        var (_, body, _) = await Wire.ExchangeAsync(oss, new OssRequest("GET", Bucket, "k"));
        // A client that waits for more is reset; one that had been told of an end first might not see it.
        await using var connection = await oss.ConnectAsync();
        await connection.WriteAsync(oss.RawHead(new OssRequest("GET", Bucket, "k"), $"/{Bucket}/k"));
        var refused = await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await connection.WriteAsync("GET / HTTP/1.1\r\n"u8.ToArray());
                await Task.Delay(5);
            }
        });

        Assert.True(body.Length <= Math.Min(after, 199_999));
        Assert.Equal(Content[..body.Length], body);
        Assert.IsType<System.Net.Sockets.SocketException>(refused.InnerException);
        await StillServesAsync(oss);
    }

    [Fact]
    public async Task A_client_never_takes_a_broken_reply_for_a_whole_one()
    {
        await using var oss = await StartAsync(new ResetReplyEffect());

        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => TestOss.DownloadAsync(oss.Client, "k"));
        }

        Assert.All(oss.Emulator.Requests.Skip(1), request => Assert.Equal(["resetReply"], request.Faults));
        await StillServesAsync(oss);
    }

    [Theory]
    [InlineData("GET", "GetObject", "k")]
    [InlineData("HEAD", "HeadObject", "k")]
    [InlineData("DELETE", "DeleteObject", "none")]
    public async Task A_reply_breaks_off_within_its_head(string method, string operation, string key)
    {
        // A reply without a body has no other place to break off at.
        await using var oss = await StartAsync(new ResetReplyEffect { InHeaders = method == "GET", IsClosed = true }, operation);

        var (head, body, _) = await Wire.ExchangeAsync(oss, new OssRequest(method, Bucket, key));

        Assert.StartsWith("HTTP/1.1 2", head, StringComparison.Ordinal);
        Assert.Matches("x-oss-request-id: [0-9A-F]{12}$", head);
        Assert.Empty(body);
        await StillServesAsync(oss);
    }

    [Fact]
    public async Task A_refusal_breaks_off_as_well()
    {
        await using var oss = await StartAsync(new ResetReplyEffect { AfterBytes = 30, IsClosed = true });

        var (head, body, _) = await Wire.ExchangeAsync(oss, new OssRequest("GET", Bucket, "none"));

        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", head, StringComparison.Ordinal);
        Assert.Equal(30, body.Length);
        await StillServesAsync(oss);
    }

    [Fact]
    public async Task A_lost_reply_leaves_the_object_and_not_a_byte()
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Times = 1, Effect = new LoseReplyEffect() });

        var (head, _, wasReset) = await Wire.ExchangeAsync(oss, new OssRequest("PUT", Bucket, "k"), Content, "Content-Length: 200000");

        Assert.True(wasReset);
        Assert.Equal("", head);
        Assert.Equal(200, oss.Emulator.Requests[^1].Status);
        Assert.Equal(["loseReply"], oss.Emulator.Requests[^1].Faults);
        await StillServesAsync(oss);
    }

    [Fact]
    public async Task A_lost_download_is_not_a_byte_either()
    {
        await using var oss = await StartAsync(new LoseReplyEffect());

        var (head, body, wasReset) = await Wire.ExchangeAsync(oss, new OssRequest("GET", Bucket, "k"));

        Assert.True(wasReset);
        Assert.Equal(("", 0), (head, body.Length));
        await StillServesAsync(oss);
    }

    [Fact]
    public async Task A_completed_upload_whose_reply_is_lost_is_complete_and_was_called_back()
    {
        await using var server = await CallbackServer.StartAsync();
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "CompleteMultipartUpload", Times = 1, Effect = new LoseReplyEffect() });
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "k");
        var part = await oss.Client.UploadPartAsync(Bucket, "k", upload, 1, UploadBody.From(Content));
        var callback = new CallbackParameter { Urls = [server.Url + "/c"], Body = "key=${object}" };

        await Assert.ThrowsAsync<HttpRequestException>(() => oss.Client.CompleteMultipartUploadAsync(Bucket, "k", upload, [part], callback: callback));
        var again = await Assert.ThrowsAsync<OssException>(() => oss.Client.CompleteMultipartUploadAsync(Bucket, "k", upload, [part], callback: callback));

        Assert.True(again.Is(OssErrorCode.NoSuchUpload));
        Assert.Equal("key=k", server.Calls.Single().Text);
        Assert.Equal(Crc64.Compute(Content), (await oss.Client.HeadObjectAsync(Bucket, "k"))!.Crc64);
    }

    [Fact]
    public async Task A_put_whose_reply_is_lost_was_called_back()
    {
        await using var server = await CallbackServer.StartAsync();
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Effect = new LoseReplyEffect() });

        await Assert.ThrowsAsync<HttpRequestException>(() => oss.Client.PutObjectAsync(
            Bucket, "k", UploadBody.From(Content), callback: new CallbackParameter { Urls = [server.Url + "/c"], Body = "key=${object}" }));

        Assert.Equal("key=k", server.Calls.Single().Text);
        Assert.True(oss.Emulator.Callbacks.Single().Succeeded);
    }

    [Theory]
    [InlineData(0L, 0)]
    [InlineData(123_456L, 123_456)]
    [InlineData(1_000_000L, 199_999)]
    public async Task One_byte_is_wrong_and_the_checksum_tells(long at, int wrong)
    {
        await using var oss = await StartAsync(new CorruptReplyEffect { AtByte = at });

        using var response = await oss.SendAsync(new OssRequest("GET", Bucket, "k"));
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal([wrong], Enumerable.Range(0, Content.Length).Where(i => body[i] != Content[i]));
        Assert.NotEqual(TestOss.Header(response, "x-oss-hash-crc64ecma"), Crc64.ToText(Crc64.Compute(body)));
        await StillServesAsync(oss);
    }

    [Fact]
    public async Task Wrong_bytes_come_one_for_each_fault()
    {
        await using var oss = await StartAsync(new CorruptReplyEffect());
        oss.Emulator.Faults.Add(new Fault { Effect = new CorruptReplyEffect { AtByte = 3 } });
        oss.Emulator.Faults.Add(new Fault { Effect = new CorruptReplyEffect { AtByte = 4 } });

        var body = await TestOss.DownloadAsync(oss.Client, "k");

        Assert.Equal(3, Enumerable.Range(0, Content.Length).Count(i => body[i] != Content[i]));
        Assert.NotEqual((Content[3], Content[4]), (body[3], body[4]));
    }

    [Theory]
    [InlineData(0L, 0)]
    [InlineData(70_000L, 70_000)]
    [InlineData(200_000L, 199_999)]
    public async Task A_truncated_reply_ends_properly_and_the_checksum_tells(long after, int left)
    {
        await using var oss = await StartAsync(new TruncateReplyEffect { AfterBytes = after });

        using var response = await oss.SendAsync(new OssRequest("GET", Bucket, "k"));
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(left, response.Content.Headers.ContentLength);
        Assert.Equal(Content[..left], body);
        Assert.NotEqual(TestOss.Header(response, "x-oss-hash-crc64ecma"), Crc64.ToText(Crc64.Compute(body)));
        await StillServesAsync(oss);
    }

    [Fact]
    public async Task A_reply_without_a_body_is_neither_truncated_nor_corrupt()
    {
        await using var oss = await StartAsync(new TruncateReplyEffect { AfterBytes = 5 }, "HeadObject");
        oss.Emulator.Faults.Add(new Fault { Effect = new CorruptReplyEffect() });

        Assert.Equal(Content.Length, (await oss.Client.HeadObjectAsync(Bucket, "k"))!.Size);
    }

    [Fact]
    public async Task A_slow_reply_takes_its_time_and_comes_whole()
    {
        var pace = new FakeTimeProvider();
        await using var oss = await StartAsync(new SlowReplyEffect { BytesPerSecond = 20_000 }, pace: pace);

        var downloading = TestOss.DownloadAsync(oss.Client, "k");
        var passed = await Wire.AdvanceUntilAsync(pace, downloading, TimeSpan.FromMilliseconds(100));

        Assert.Equal(Content, await downloading);
        Assert.True(passed >= TimeSpan.FromSeconds(9.9), $"{passed.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
    }

    [Fact]
    public async Task Slow_truncated_corrupt_and_broken_off_are_all_of_it()
    {
        var pace = new FakeTimeProvider();
        await using var oss = await StartAsync(new SlowReplyEffect { BytesPerSecond = 10_000 }, pace: pace);
        oss.Emulator.Faults.Add(new Fault { Effect = new TruncateReplyEffect { AfterBytes = 2000 } });
        oss.Emulator.Faults.Add(new Fault { Effect = new CorruptReplyEffect { AtByte = 10 } });
        oss.Emulator.Faults.Add(new Fault { Effect = new ResetReplyEffect { AfterBytes = 1000, IsClosed = true } });

        var exchange = Wire.ExchangeAsync(oss, new OssRequest("GET", Bucket, "k"));
        await Wire.AdvanceUntilAsync(pace, exchange, TimeSpan.FromMilliseconds(10));
        var (head, body, _) = await exchange;

        Assert.Contains("\r\nContent-Length: 2000", head, StringComparison.Ordinal);
        Assert.Equal(1000, body.Length);
        Assert.Equal([10], Enumerable.Range(0, 1000).Where(i => body[i] != Content[i]));
    }
}
