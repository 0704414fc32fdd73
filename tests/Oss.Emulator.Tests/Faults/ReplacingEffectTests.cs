using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Oss.Emulator.Faults;
using Oss.Emulator.Http;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Faults;

public sealed class ReplacingEffectTests
{
    private const string Bucket = TestOss.BucketName;

    private static OssRequest Put(string key = "k") => new("PUT", Bucket, key);

    [Fact]
    public async Task An_error_takes_the_operations_place_and_the_body_is_not_read()
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "PutObject", Times = 1, Effect = ErrorEffect.Of(OssErrorCode.InternalError) with { Message = "Once." } });

        using var refused = await oss.SendAsync(Put(), new ByteArrayContent(TestOss.Bytes(1000)));
        var error = await TestOss.ErrorAsync(refused);
        using var repeated = await oss.SendAsync(Put(), new ByteArrayContent(TestOss.Bytes(1000)));

        Assert.Equal((500, "InternalError", "Once."), (error.HttpStatus, error.Code, error.Message));
        Assert.Equal(error.RequestId, TestOss.Header(refused, "x-oss-request-id"));
        Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
        var requests = oss.Emulator.Requests;
        Assert.Equal((500, "InternalError", 0, error.RequestId), (requests[0].Status, requests[0].ErrorCode, requests[0].BytesReceived, requests[0].RequestId));
        Assert.Equal(["error"], requests[0].Faults);
        Assert.Empty(requests[1].Faults);
    }

    [Theory]
    [InlineData("ServiceUnavailable", 503)]
    [InlineData("UploadTrafficRateLimitExceeded", 503)]
    [InlineData("QpsLimitExceeded", 429)]
    public async Task A_throttled_client_is_told_for_how_long(string code, int status)
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Effect = new ThrottleEffect { Code = code, Delay = TimeSpan.FromMilliseconds(1234) } });

        using var refused = await oss.SendAsync(Put(), new ByteArrayContent([1]));

        Assert.Equal("1234", TestOss.Header(refused, "x-oss-qos-delay-time"));
        var error = await TestOss.ErrorAsync(refused);
        Assert.Equal((status, code), (error.HttpStatus, error.Code));
        Assert.True(OssRetry.IsTransient(error));
    }

    [Fact]
    public async Task The_client_tries_again_and_gets_through()
    {
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Times = 2, Effect = new ThrottleEffect() });
        var client = new OssClient(oss.Http, oss.Endpoint, oss.Signer, oss.Clock, new OssRetry { Jitter = () => 0 });

        var putting = client.PutObjectAsync(Bucket, "k", UploadBody.From(TestOss.Bytes(1000)));
        var passed = await Wire.AdvanceUntilAsync(oss.Clock, putting, TimeSpan.FromSeconds(1));
        await putting;

        Assert.True(passed >= TimeSpan.FromSeconds(2), "It did not wait as long as it was told to.");
        Assert.Equal([503, 503, 200], oss.Emulator.Requests.Select(request => request.Status));
    }

    [Fact]
    public async Task Of_two_refusals_the_first_has_its_way_after_all_delays()
    {
        var pace = new FakeTimeProvider();
        await using var oss = await TestOss.StartAsync(pace: pace);
        oss.Emulator.Faults.Add(new Fault { Effect = new ThrottleEffect { Code = "TotalQpsLimitExceeded" } });
        oss.Emulator.Faults.Add(new Fault { Effect = ErrorEffect.Of(OssErrorCode.InternalError) });
        oss.Emulator.Faults.Add(new Fault { Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(20) } });
        oss.Emulator.Faults.Add(new Fault { Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(10) } });

        var sending = oss.SendAsync(Put(), new ByteArrayContent([1]));
        var passed = await Wire.AdvanceUntilAsync(pace, sending, TimeSpan.FromSeconds(1));

        Assert.Equal("TotalQpsLimitExceeded", (await TestOss.ErrorAsync(await sending)).Code);
        Assert.True(passed >= TimeSpan.FromSeconds(30), $"{passed}");
        Assert.Equal(["throttle", "error", "delay", "delay"], oss.Emulator.Requests.Single().Faults);
    }

    [Fact]
    public async Task A_delayed_request_is_carried_out()
    {
        var pace = new FakeTimeProvider();
        await using var oss = await TestOss.StartAsync(pace: pace);
        oss.Emulator.Faults.Add(new Fault { Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(5) } });

        var sending = oss.SendAsync(Put("a/../b + 中文 😀"), new ByteArrayContent(TestOss.Bytes(1000)));
        await Wire.AdvanceUntilAsync(pace, sending, TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.OK, (await sending).StatusCode);
        Assert.Equal(TestOss.Bytes(1000), await TestOss.DownloadAsync(oss.Client, "a/../b + 中文 😀"));
    }

    [Fact]
    public async Task Meets_only_what_is_allowed()
    {
        await using var oss = await TestOss.StartAsync();
        var fault = oss.Emulator.Faults.Add(new Fault { Effect = ErrorEffect.Of(OssErrorCode.InternalError) });

        using var anonymous = await oss.SendAsIsAsync(Put(), new ByteArrayContent([1]));

        Assert.Equal(HttpStatusCode.Forbidden, anonymous.StatusCode);
        Assert.Equal(0, fault.Matches);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_200_answers()
    {
        async Task<string> RunAsync(long seed)
        {
            await using var oss = await TestOss.StartAsync(faultSeed: seed);
            oss.Emulator.Faults.Add(new Fault { Operation = "HeadObject", Probability = 0.25, Effect = new ThrottleEffect() });
            var answers = new List<char>();
            for (var i = 0; i < 200; i++)
            {
                using var response = await oss.SendAsync(new OssRequest("HEAD", Bucket, "k"));
                answers.Add(response.StatusCode == HttpStatusCode.ServiceUnavailable ? 'x' : response.StatusCode == HttpStatusCode.NotFound ? '.' : '?');
            }

            return new string([.. answers]);
        }

        var first = await RunAsync(42);

        Assert.Equal(first, await RunAsync(42));
        Assert.NotEqual(first, await RunAsync(43));
        Assert.Matches("^[.x]{200}$", first);
    }

    [Fact]
    public async Task A_request_that_nothing_is_meant_for_is_left_as_it_is()
    {
        var faults = new FaultInjection(0) { Operations = ["GetObject"] };
        faults.Add(new Fault { Operation = "GetObject", Effect = new SlowReplyEffect { BytesPerSecond = 1 } });
        var http = new DefaultHttpContext();
        var (requestBody, replyBody) = (http.Request.Body, http.Response.Body);
        var call = new OssCall(http) { Operation = "PutObject" };

        await new Disturbances(faults, TimeProvider.System).BeginAsync(call, default);

        Assert.Null(call.Plan);
        Assert.Same(requestBody, http.Request.Body);
        Assert.Same(replyBody, http.Response.Body);
    }
}
