using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Oss.Emulator.Faults;
using Oss.Emulator.Tests.Forms;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Faults;

public sealed class RequestEffectTests
{
    private const string Bucket = TestOss.BucketName;

    private static OssRequest Put() => new("PUT", Bucket, "k");

    private static async Task<RecordedRequest> NothingStoredAsync(TestOss oss)
    {
        var broken = oss.Emulator.Requests[^1];
        Assert.Equal((499, null), (broken.Status, broken.ErrorCode));
        Assert.Empty(oss.SegmentFiles());
        Assert.Null(await oss.Client.HeadObjectAsync(Bucket, "k"));
        oss.Emulator.Faults.Clear();
        await oss.Client.PutObjectAsync(Bucket, "k", UploadBody.From(TestOss.Bytes(5000)));
        Assert.Equal(TestOss.Bytes(5000), await TestOss.DownloadAsync(oss.Client, "k"));
        return broken;
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(100_000, 100_000)]
    [InlineData(999_999, 200_000)]
    public async Task The_connection_is_reset_while_the_body_is_read(long after, long read)
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Effect = new ResetRequestEffect { AfterBytes = after } });

        var (head, _, wasReset) = await Wire.ExchangeAsync(oss, Put(), TestOss.Bytes(200_000), "Content-Length: 200000");

        Assert.True(wasReset);
        Assert.Equal("", head);
        var broken = await NothingStoredAsync(oss);
        Assert.Equal(read, broken.BytesReceived);
        Assert.Equal(["resetRequest"], broken.Faults);
    }

    [Fact]
    public async Task It_is_reset_while_the_client_still_waits_to_send()
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Effect = new ResetRequestEffect { AfterBytes = 50_000 } });

        // Half of what was promised, and no more: who waited for the rest would wait for ever.
        var (head, _, wasReset) = await Wire.ExchangeAsync(oss, Put(), TestOss.Bytes(100_000), "Content-Length: 200000");

        Assert.True(wasReset);
        Assert.Equal("", head);
        await NothingStoredAsync(oss);
    }

    [Fact]
    public async Task A_client_that_asked_whether_to_send_is_told_to_and_then_reset()
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Effect = new ResetRequestEffect { AfterBytes = 1000 } });

        await using var connection = await oss.ConnectAsync();
        await connection.WriteAsync(oss.RawHead(Put(), $"/{Bucket}/k", "Content-Length: 2000", "Expect: 100-continue"));
        var told = new byte[25];
        await connection.ReadExactlyAsync(told);
        await connection.WriteAsync(TestOss.Bytes(2000));
        var (head, _, wasReset) = await Wire.ReadAsync(connection);

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(told));
        Assert.True(wasReset);
        Assert.Equal("", head);
        await NothingStoredAsync(oss);
    }

    [Fact]
    public async Task A_random_place_is_within_the_body_and_goes_by_the_seed()
    {
        async Task<long> PlaceAsync(long seed)
        {
            await using var oss = await TestOss.StartAsync(faultSeed: seed);
            oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Effect = new ResetRequestEffect() });
            await Assert.ThrowsAsync<HttpRequestException>(() => oss.Client.PutObjectAsync(Bucket, "k", UploadBody.From(TestOss.Bytes(300_000))));
            return (await NothingStoredAsync(oss)).BytesReceived;
        }

        var place = await PlaceAsync(5);

        Assert.InRange(place, 0, 300_000);
        Assert.Equal(place, await PlaceAsync(5));
        Assert.NotEqual(place, await PlaceAsync(6));
    }

    [Fact]
    public async Task A_body_in_chunks_is_reset_as_well()
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Effect = new ResetRequestEffect() });
        var chunk = Encoding.ASCII.GetBytes("186A0\r\n").Concat(TestOss.Bytes(100_000)).Concat("\r\n0\r\n\r\n"u8.ToArray()).ToArray();

        var (_, _, wasReset) = await Wire.ExchangeAsync(oss, Put(), chunk, "Transfer-Encoding: chunked");

        Assert.True(wasReset);
        Assert.InRange((await NothingStoredAsync(oss)).BytesReceived, 0, 64 * 1024);
    }

    [Fact]
    public async Task A_part_that_was_reset_can_be_sent_again()
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "UploadPart", PartNumber = 2, Times = 1, Effect = new ResetRequestEffect { AfterBytes = 150_000 } });
        var client = new OssClient(oss.Http, oss.Endpoint, oss.Signer, oss.Clock, new OssRetry { Jitter = () => 0 });
        var bytes = TestOss.Bytes(300_000);
        var upload = await client.InitiateMultipartUploadAsync(Bucket, "k");

        var parts = new List<UploadedPart>();
        foreach (var number in (int[])[1, 2])
        {
            parts.Add(await client.UploadPartAsync(Bucket, "k", upload, number, UploadBody.From(bytes.AsMemory((number - 1) * 150_000, 150_000))));
        }

        await client.CompleteMultipartUploadAsync(Bucket, "k", upload, parts);

        Assert.Equal(2, oss.SegmentFiles().Length);
        Assert.Equal(bytes, await TestOss.DownloadAsync(oss.Client, "k"));
        Assert.Equal([200, 499, 200], oss.Emulator.Requests.Where(request => request.Operation == "UploadPart").Select(request => request.Status));
    }

    [Fact]
    public async Task A_form_is_met_when_its_key_is_known_and_reset_within_its_file()
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "PostObject", KeyPrefix = "up/a", Effect = new ResetRequestEffect { AfterBytes = 20_000 } });
        var (other, hit) = (TestForm.Sign(oss, fields: [("key", "up/b")]), TestForm.Sign(oss, fields: [("key", "up/a")]));

        using var response = await TestForm.PostAsync(oss, TestForm.Body(other.Fields, TestOss.Bytes(50_000)));
        await Assert.ThrowsAsync<HttpRequestException>(() => TestForm.PostAsync(oss, TestForm.Body(hit.Fields, TestOss.Bytes(50_000))));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(("up/a", 499), (oss.Emulator.Requests[1].Key, oss.Emulator.Requests[1].Status));
        Assert.Single(oss.SegmentFiles());
        Assert.Null(await oss.Client.HeadObjectAsync(Bucket, "up/a"));
    }

    [Fact]
    public async Task A_slow_request_takes_its_time_and_is_stored_whole()
    {
        var pace = new FakeTimeProvider();
        await using var oss = await TestOss.StartAsync(pace: pace);
        oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Effect = new SlowRequestEffect { BytesPerSecond = 1000 } });
        oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Effect = new SlowRequestEffect { BytesPerSecond = 100 } });

        var putting = oss.Client.PutObjectAsync(Bucket, "k", UploadBody.From(TestOss.Bytes(1000)));
        var passed = await Wire.AdvanceUntilAsync(pace, putting, TimeSpan.FromMilliseconds(100));
        await putting;

        // What the bucket may save up before the first byte comes is a twentieth of a second.
        Assert.True(passed >= TimeSpan.FromSeconds(9.9), $"{passed}");
        Assert.Equal(TestOss.Bytes(1000), await TestOss.DownloadAsync(oss.Client, "k"));
    }
}
