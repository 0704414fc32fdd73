namespace Oss.Protocol.Tests;

/// <summary>What the client does when it is asked to wait.</summary>
public sealed class BusyTests : IAsyncLifetime
{
    private static readonly UploadBody Hello = UploadBody.From("hello"u8.ToArray());

    private TestOss _oss = null!;

    public async ValueTask InitializeAsync() => _oss = await TestOss.StartAsync();

    public ValueTask DisposeAsync() => _oss.DisposeAsync();

    [Theory]
    [InlineData("x-oss-qos-delay-time", "7000", 7)]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("x-oss-qos-delay-time", "50", 0.2)]
    public async Task Waits_as_long_as_OSS_asks_for_and_no_shorter_than_by_itself(string header, string value, double seconds)
    {
        _oss.AnswerWith(TestOss.Status(503, "", (header, value)), TestOss.Store);
        var retry = new OssRetry { Jitter = () => 1 };
        var start = _oss.Clock.GetUtcNow();
        var put = _oss.Client(retry: retry).PutObjectAsync(Some.Bucket, "k", Hello, cancellationToken: TestContext.Current.CancellationToken);
        while (!put.IsCompleted)
        {
            // Time passes only here.
            _oss.Clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        await put;
        Assert.True(_oss.Clock.GetUtcNow() - start >= TimeSpan.FromSeconds(seconds), "It came again too soon.");
    }

    [Theory]
    [InlineData("x-oss-qos-delay-time", "20001", 20.001)]
    [InlineData("x-oss-qos-delay-time", "99999999999999", 3600)]
    [InlineData("Retry-After", "30", 30)]
    [InlineData("Retry-After", "Thu, 02 Jan 2025 03:05:05 GMT", 60)]
    public async Task Leaves_a_long_pause_to_whoever_called(string header, string value, double seconds)
    {
        _oss.AnswerWith(TestOss.Status(503, "", (header, value)));
        var busy = await Assert.ThrowsAsync<OssException>(() => _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello));
        Assert.Equal(TimeSpan.FromSeconds(seconds), busy.RetryAfter);
        Assert.True(OssRetry.IsTransient(busy));
        Assert.Single(_oss.Requests);
    }

    [Theory]
    [InlineData("x-oss-qos-delay-time", "-1")]
    [InlineData("x-oss-qos-delay-time", "soon")]
    [InlineData("x-other", "1")]
    public async Task Takes_no_other_words_for_a_pause(string header, string value)
    {
        _oss.AnswerWith(TestOss.Status(503, "", (header, value)));
        Assert.Null((await Assert.ThrowsAsync<OssException>(() => _oss.Client().PutObjectAsync(Some.Bucket, "k", Hello))).RetryAfter);
        Assert.Equal(3, _oss.Requests.Count);
    }

    [Fact]
    public async Task Leaves_a_busy_source_alone()
    {
        _oss.Answer = TestOss.Store;
        var opened = 0;
        var busy = await Assert.ThrowsAnyAsync<Exception>(() => _oss.Client().UploadPartAsync(Some.Bucket, "k", "id", 1, new UploadBody(5, _ =>
        {
            opened++;
            throw new SourceBusyException("Later.", TimeSpan.FromSeconds(9));
        })));
        Assert.Equal(TimeSpan.FromSeconds(9), (busy as SourceBusyException ?? (SourceBusyException)busy.InnerException!).RetryAfter);
        Assert.True(OssRetry.IsTransient(busy));
        Assert.Equal(1, opened);
    }
}
