using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Oss.Emulator.Tests.Forms;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Faults;

public sealed class TrafficLimitTests
{
    private const string Bucket = TestOss.BucketName;
    private const string Limit = "x-oss-traffic-limit";
    private const string QosDelay = "x-oss-qos-delay-time";
    private static readonly byte[] Content = TestOss.Bytes(102_400);

    private static OssRequest Request(string method, string? header = null, string? parameter = null)
    {
        var request = new OssRequest(method, Bucket, "k");
        if (header is not null)
        {
            request.Headers[Limit] = header;
        }

        return parameter is null ? request : request.With(Limit, parameter);
    }

    private static async Task<HttpResponseMessage> WholeAsync(Task<HttpResponseMessage> sending)
    {
        var response = await sending;
        await response.Content.LoadIntoBufferAsync();
        return response;
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("819199")]
    [InlineData("838860801")]
    [InlineData("-819200")]
    [InlineData("8192000.5")]
    public async Task A_limit_that_is_none_is_refused(string limit)
    {
        await using var oss = await TestOss.StartAsync();
        var form = TestForm.Sign(oss, fields: [("key", "k"), (Limit, limit)]);

        foreach (var error in new[]
        {
            await TestOss.ErrorAsync(await oss.SendAsync(Request("PUT", header: limit), new ByteArrayContent(Content))),
            await TestOss.ErrorAsync(await oss.SendAsync(Request("GET", parameter: limit))),
            await TestOss.ErrorAsync(await TestForm.PostAsync(oss, TestForm.Body(form.Fields, Content))),
        })
        {
            Assert.Equal((400, "InvalidArgument", "0004-00000502"), (error.HttpStatus, error.Code, error.Ec));
            Assert.Contains(KeyValuePair.Create("ArgumentName", Limit), error.Details);
        }

        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task A_limit_in_the_header_and_in_the_query_is_refused()
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync(Request("GET", header: "819200", parameter: "819200")));

        Assert.Equal((400, "InvalidArgument", "0004-00000501"), (error.HttpStatus, error.Code, error.Ec));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_is_held_to_its_limit(bool inHeader)
    {
        var pace = new FakeTimeProvider();
        await using var oss = await TestOss.StartAsync(pace: pace);

        var sending = oss.SendAsync(inHeader ? Request("PUT", header: "819200") : Request("PUT", parameter: "819200"), new ByteArrayContent(Content));
        var passed = await Wire.AdvanceUntilAsync(pace, sending, TimeSpan.FromMilliseconds(10));

        using var response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(passed >= TimeSpan.FromSeconds(0.95), $"{passed}");
        Assert.InRange(int.Parse(TestOss.Header(response, QosDelay)!, CultureInfo.InvariantCulture), 900, passed.TotalMilliseconds);
        Assert.Equal(Content, await TestOss.DownloadAsync(oss.Client, "k"));
    }

    [Fact]
    public async Task A_part_and_a_form_are_held_to_their_limits()
    {
        var pace = new FakeTimeProvider();
        await using var oss = await TestOss.StartAsync(pace: pace);
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "k");
        var form = TestForm.Sign(oss, fields: [("key", "f"), (Limit, "1638400")]);

        var part = oss.SendAsync(Request("PUT", header: "1638400").With("partNumber", "1").With("uploadId", upload), new ByteArrayContent(Content));
        var ofPart = await Wire.AdvanceUntilAsync(pace, part, TimeSpan.FromMilliseconds(10));
        var post = TestForm.PostAsync(oss, TestForm.Body(form.Fields, Content));
        var ofForm = await Wire.AdvanceUntilAsync(pace, post, TimeSpan.FromMilliseconds(10));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent), ((await part).StatusCode, (await post).StatusCode));
        Assert.True(ofPart >= TimeSpan.FromSeconds(0.45), $"{ofPart}");
        Assert.True(ofForm >= TimeSpan.FromSeconds(0.45), $"{ofForm}");
        Assert.NotNull(TestOss.Header(await post, QosDelay));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_download_is_held_to_its_limit(bool inHeader)
    {
        var pace = new FakeTimeProvider();
        await using var oss = await TestOss.StartAsync(pace: pace);
        await oss.Client.PutObjectAsync(Bucket, "k", UploadBody.From(Content));

        var getting = WholeAsync(oss.SendAsync(inHeader ? Request("GET", header: "819200") : Request("GET", parameter: "819200")));
        var passed = await Wire.AdvanceUntilAsync(pace, getting, TimeSpan.FromMilliseconds(10));

        using var response = await getting;
        Assert.Equal(Content, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("1000", TestOss.Header(response, QosDelay));
        Assert.True(passed >= TimeSpan.FromSeconds(0.95), $"{passed}");
    }

    [Fact]
    public async Task Limits_go_by_the_wall_clock_and_not_by_the_emulators()
    {
        await using var oss = await TestOss.StartAsync();
        var watch = Stopwatch.StartNew();

        using var put = await oss.SendAsync(Request("PUT", header: "8000000"), new ByteArrayContent(TestOss.Bytes(1_000_000)));
        var ofPut = watch.Elapsed;
        using var get = await WholeAsync(oss.SendAsync(Request("GET", header: "8000000")));
        var ofGet = watch.Elapsed - ofPut;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (put.StatusCode, get.StatusCode));
        Assert.True(ofPut >= TimeSpan.FromSeconds(0.9), $"{ofPut}");
        Assert.True(ofGet >= TimeSpan.FromSeconds(0.9), $"{ofGet}");
    }

    [Fact]
    public async Task What_has_no_content_knows_no_limit()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(Bucket, "k", UploadBody.From(Content));

        using var response = await oss.SendAsync(Request("HEAD", header: "nonsense"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(TestOss.Header(response, QosDelay));
    }

    [Fact]
    public async Task A_client_that_leaves_a_limited_upload_leaves_nothing_behind()
    {
        await using var oss = await TestOss.StartAsync();
        var patience = Stopwatch.StartNew();
        async Task UntilAsync(Func<bool> condition)
        {
            while (!condition())
            {
                Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60));
                await Task.Delay(20);
            }
        }

        var connection = await oss.ConnectAsync();
        await connection.WriteAsync(oss.RawHead(Request("PUT", header: "819200"), $"/{Bucket}/k", "Content-Length: 10000000"));
        await connection.WriteAsync(new byte[1_000_000]);
        await UntilAsync(() => oss.SegmentFiles().Length > 0);
        connection.Socket.Close(0);
        await UntilAsync(() => oss.SegmentFiles().Length == 0 && oss.Emulator.Requests.Count > 0);

        Assert.Equal(499, oss.Emulator.Requests.Single().Status);
    }
}
