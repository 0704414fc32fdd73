using Microsoft.Extensions.Time.Testing;

namespace Oss.Protocol.Tests.Sts;

public sealed class RenewedSignersTests
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(60);

    private readonly FakeTimeProvider _clock = new(Some.Time);
    private readonly Queue<TaskCompletionSource<TemporaryCredentials>> _answers = new();
    private int _calls;

    // Each call is answered by the test, with what it has put here; without anything, at once.
    private RenewedSigners Signers(double jitter = 0) => new(
        _ =>
        {
            var call = Interlocked.Increment(ref _calls);
            lock (_answers)
            {
                return _answers.TryDequeue(out var answer) ? answer.Task : Task.FromResult(Key(call));
            }
        },
        "cn-hangzhou", Life, _clock, () => jitter);

    private TaskCompletionSource<TemporaryCredentials> Next()
    {
        var answer = new TaskCompletionSource<TemporaryCredentials>();
        lock (_answers)
        {
            _answers.Enqueue(answer);
        }

        return answer;
    }

    private TemporaryCredentials Key(int number) => new(new AccessKey($"STS.{number}", $"secret {number}", "token"), _clock.GetUtcNow() + Life, "acs:ram::1:role/r/s", "3");

    private static async Task<string> IdAsync(RenewedSigners signers) => (await signers.CurrentAsync()).AccessKey.Id;

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(1);
        }
    }

    private static StsException Refusal() => new(new StsError("NoPermission", 403, "No.", null));

    [Theory]
    [InlineData(0, 30)]
    [InlineData(1, 24)]
    public async Task Renews_in_the_background_when_half_of_a_life_is_left(double jitter, int minutes)
    {
        var signers = Signers(jitter);
        Assert.Equal("STS.1", await IdAsync(signers));
        _clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("STS.1", await IdAsync(signers));
        Assert.Equal(1, _calls);

        var answer = Next();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        // The call hangs, and nobody waits for it.
        Assert.Equal(["STS.1", "STS.1"], [await IdAsync(signers), await IdAsync(signers)]);
        answer.SetResult(Key(2));
        await UntilAsync(() => signers.Present?.AccessKey.Id == "STS.2");

        Assert.Equal("STS.2", await IdAsync(signers));
        Assert.Equal(2, _calls);
        Assert.Equal(_clock.GetUtcNow() + Life, (await signers.CurrentAsync()).Expires);
    }

    [Fact]
    public async Task Shares_one_call_among_all_who_need_a_key()
    {
        var signers = Signers();
        var answer = Next();
        var waiting = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Factory.StartNew(
            () => signers.CurrentAsync().AsTask(), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default)));
        Assert.All(waiting, call => Assert.False(call.IsCompleted));
        answer.SetResult(Key(1));

        Assert.Equal(["STS.1"], (await Task.WhenAll(waiting)).Select(signer => signer.AccessKey.Id).Distinct());
        Assert.Equal(1, _calls);
    }

    [Fact]
    public async Task Lets_one_caller_go_without_ending_the_call_of_the_others()
    {
        var signers = Signers();
        using var impatient = new CancellationTokenSource();
        var answer = Next();
        var (first, second) = (signers.CurrentAsync(impatient.Token).AsTask(), signers.CurrentAsync().AsTask());
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(Key(1));
        Assert.Equal("STS.1", (await second).AccessKey.Id);
    }

    [Fact]
    public async Task Serves_the_old_key_while_renewal_fails_until_it_ends_and_then_says_why_there_is_none()
    {
        var signers = Signers();
        await IdAsync(signers);
        var tried = 1;
        for (var left = 30; left > 0; left--)
        {
            _clock.Advance(left == 30 ? TimeSpan.FromMinutes(30) : TimeSpan.FromMinutes(1));
            Next().SetException(Refusal());
            Assert.Equal("STS.1", await IdAsync(signers));
            tried++;
            await UntilAsync(() => signers.LastFailure?.Times == tried - 1);
        }

        Next().SetException(Refusal());
        _clock.Advance(TimeSpan.FromMinutes(1));
        var none = await Assert.ThrowsAsync<AccessKeyUnavailableException>(() => IdAsync(signers));
        Assert.Contains("NoPermission", none.Message, StringComparison.Ordinal);
        Assert.True(OssRetry.IsTransient(none));

        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal($"STS.{_calls + 1}", await IdAsync(signers));
        Assert.Null(signers.LastFailure);
    }

    [Fact]
    public async Task Does_not_ask_again_at_once_after_a_failure()
    {
        var signers = Signers();
        foreach (var (pause, times) in new[] { (1, 1), (2, 2), (4, 3), (8, 4), (16, 5), (30, 6), (30, 7) })
        {
            Next().SetException(Refusal());
            await Assert.ThrowsAsync<AccessKeyUnavailableException>(() => IdAsync(signers));
            Assert.Equal(times, _calls);
            _clock.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            await Assert.ThrowsAsync<AccessKeyUnavailableException>(() => IdAsync(signers));
            Assert.Equal(times, _calls);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal("STS.8", await IdAsync(signers));
    }

    [Fact]
    public async Task Waits_for_a_new_key_when_the_old_one_has_no_more_than_a_minute()
    {
        var signers = Signers();
        await IdAsync(signers);
        _clock.Advance(Life - TimeSpan.FromMinutes(1));
        var answer = Next();
        var waiting = signers.CurrentAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        answer.SetResult(Key(2));
        Assert.Equal("STS.2", (await waiting).AccessKey.Id);
    }

    [Fact]
    public async Task Replaces_a_key_that_is_refused_and_makes_a_pause_when_the_next_is_too()
    {
        var signers = Signers();
        var first = await signers.CurrentAsync();
        Assert.True(signers.Refuse(first));
        var second = await signers.CurrentAsync();
        Assert.Equal("STS.2", second.AccessKey.Id);
        // Another who was refused with the first comes late: the second is not at fault.
        Assert.True(signers.Refuse(first));
        Assert.Equal("STS.2", await IdAsync(signers));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(signers.Refuse(second));
        Assert.Contains("refused", (await Assert.ThrowsAsync<AccessKeyUnavailableException>(() => IdAsync(signers))).Message, StringComparison.Ordinal);
        Assert.Null(signers.Present);
        Assert.Equal(2, _calls);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("STS.3", await IdAsync(signers));
        Assert.Null(signers.LastFailure);
    }

    [Fact]
    public async Task Gives_up_a_call_that_does_not_end()
    {
        var signers = Signers();
        Next();
        var waiting = IdAsync(signers);
        await UntilAsync(() => _calls == 1);
        while (!waiting.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(100));
            await Task.Delay(1);
        }

        var none = await Assert.ThrowsAsync<AccessKeyUnavailableException>(() => waiting);
        Assert.IsType<TimeoutException>(none.InnerException);
    }

    [Fact]
    public async Task Says_that_the_clock_is_wrong_when_a_key_has_ended_before_it_came()
    {
        var signers = Signers();
        Next().SetResult(Key(1) with { Expiration = _clock.GetUtcNow() });
        var none = await Assert.ThrowsAsync<AccessKeyUnavailableException>(() => IdAsync(signers));
        Assert.Contains("clock", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signs_with_the_day_key_of_each_key_that_comes()
    {
        var signers = Signers();
        var (time, request) = (_clock.GetUtcNow(), new OssRequest("GET", "examplebucket", "k"));
        var endpoint = OssEndpoint.Parse("https://oss-cn-hangzhou.aliyuncs.com");
        var first = (await signers.CurrentAsync()).Presign(request, endpoint, time, TimeSpan.FromMinutes(1)).Url;
        signers.Refuse(await signers.CurrentAsync());
        var second = (await signers.CurrentAsync()).Presign(request, endpoint, time, TimeSpan.FromMinutes(1)).Url;

        Assert.NotEqual(first, second);
        Assert.Equal(new V4Signer(new AccessKey("STS.2", "secret 2", "token"), "cn-hangzhou").Presign(request, endpoint, time, TimeSpan.FromMinutes(1)).Url, second);
    }
}
