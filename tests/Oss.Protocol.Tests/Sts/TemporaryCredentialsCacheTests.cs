using Microsoft.Extensions.Time.Testing;

namespace Oss.Protocol.Tests.Sts;

public sealed class TemporaryCredentialsCacheTests
{
    private readonly FakeTimeProvider _clock = new(Some.Time);
    private readonly List<AssumeRoleRequest> _calls = [];

    private static AssumeRoleRequest Request(string session = "alice") => new("acs:ram::1:role/r", session) { Duration = TimeSpan.FromMinutes(15) };

    private TemporaryCredentials Lend(AssumeRoleRequest request)
    {
        lock (_calls)
        {
            _calls.Add(request);
            return new TemporaryCredentials(new AccessKey($"STS.{_calls.Count}", "secret", "token"), _clock.GetUtcNow() + request.Duration, request.RoleArn, "3");
        }
    }

    private TemporaryCredentialsCache Cache(TimeSpan? minimumLife = null, int capacity = 1000) => new((request, _) => Task.FromResult(Lend(request)), _clock, minimumLife, capacity);

    private static async Task<string> IdAsync(TemporaryCredentialsCache cache, string session = "alice") => (await cache.GetAsync(Request(session))).Key.Id;

    [Fact]
    public async Task Answers_equal_requests_with_the_same_key_and_others_with_their_own()
    {
        var cache = Cache();

        Assert.Equal(["STS.1", "STS.1", "STS.2", "STS.1"], [await IdAsync(cache), await IdAsync(cache), await IdAsync(cache, "bob"), await IdAsync(cache)]);
        Assert.Equal("STS.3", (await cache.GetAsync(Request() with { Policy = "{}" })).Key.Id);
        Assert.Equal("STS.4", (await cache.GetAsync(Request() with { Duration = TimeSpan.FromHours(1) })).Key.Id);
    }

    [Theory]
    [InlineData(null, 600)]
    [InlineData(0, 900)]
    [InlineData(899, 1)]
    public async Task Renews_a_key_before_its_end(int? minimumSeconds, int renewedAfter)
    {
        var cache = Cache(minimumSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        await IdAsync(cache);

        _clock.Advance(TimeSpan.FromSeconds(renewedAfter) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("STS.1", await IdAsync(cache));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("STS.2", await IdAsync(cache));
        Assert.Equal("STS.2", await IdAsync(cache));
    }

    [Fact]
    public async Task Shares_one_call_among_all_who_wait()
    {
        var answer = new TaskCompletionSource<TemporaryCredentials>();
        var calls = 0;
        var cache = new TemporaryCredentialsCache(
            (_, _) =>
            {
                Interlocked.Increment(ref calls);
                return answer.Task;
            },
            _clock);

        var waiting = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Factory.StartNew(
            () => cache.GetAsync(Request()), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default)));
        Assert.All(waiting, call => Assert.False(call.IsCompleted));
        answer.SetResult(Lend(Request()));

        Assert.Equal(["STS.1"], (await Task.WhenAll(waiting)).Select(lent => lent.Key.Id).Distinct());
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Forgets_a_call_that_failed_when_all_who_waited_know()
    {
        var answers = new Queue<TaskCompletionSource<TemporaryCredentials>>([new(), new()]);
        var (first, second) = (answers.First(), answers.Last());
        var cache = new TemporaryCredentialsCache((_, _) => answers.Dequeue().Task, _clock);

        var (one, other) = (cache.GetAsync(Request()), cache.GetAsync(Request()));
        first.SetException(new StsException(new StsError("NoPermission", 403, "No.", null)));
        await Assert.ThrowsAsync<StsException>(() => one);
        await Assert.ThrowsAsync<StsException>(() => other);

        second.SetResult(Lend(Request()));
        Assert.Equal(["STS.1", "STS.1"], [await IdAsync(cache), await IdAsync(cache)]);
    }

    [Fact]
    public async Task Forgets_a_call_that_failed_at_once()
    {
        var fails = true;
        var cache = new TemporaryCredentialsCache((request, _) => fails ? throw new InvalidOperationException() : Task.FromResult(Lend(request)), _clock);

        await Assert.ThrowsAsync<InvalidOperationException>(() => IdAsync(cache));
        fails = false;
        Assert.Equal("STS.1", await IdAsync(cache));
    }

    [Fact]
    public async Task Lets_one_caller_go_without_ending_the_call_of_the_others()
    {
        using var impatient = new CancellationTokenSource();
        var answer = new TaskCompletionSource<TemporaryCredentials>();
        CancellationToken given = default;
        var cache = new TemporaryCredentialsCache(
            (_, token) =>
            {
                given = token;
                return answer.Task;
            },
            _clock);

        var (first, second) = (cache.GetAsync(Request(), impatient.Token), cache.GetAsync(Request()));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(given.IsCancellationRequested);
        answer.SetResult(Lend(Request()));

        Assert.Equal("STS.1", (await second).Key.Id);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.GetAsync(Request("bob"), impatient.Token));
        Assert.Single(_calls);
    }

    [Fact]
    public async Task Makes_room_by_forgetting_what_was_not_asked_for_the_longest()
    {
        var cache = Cache(capacity: 2);
        Assert.Equal(["STS.1", "STS.2", "STS.1"], [await IdAsync(cache, "s1"), await IdAsync(cache, "s2"), await IdAsync(cache, "s1")]);

        Assert.Equal("STS.3", await IdAsync(cache, "s3"));
        Assert.Equal("STS.1", await IdAsync(cache, "s1"));
        Assert.Equal("STS.4", await IdAsync(cache, "s2"));
        Assert.Equal("STS.5", await IdAsync(cache, "s3"));
    }

    [Fact]
    public async Task Leaves_a_newer_call_alone_when_one_that_made_room_fails()
    {
        var slow = new TaskCompletionSource<TemporaryCredentials>();
        var first = true;
        var cache = new TemporaryCredentialsCache(
            (request, _) =>
            {
                var answer = first ? slow.Task : Task.FromResult(Lend(request));
                first = false;
                return answer;
            },
            _clock,
            capacity: 1);

        var failing = cache.GetAsync(Request());
        await IdAsync(cache, "bob");
        Assert.Equal("STS.2", await IdAsync(cache));
        slow.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => failing);

        Assert.Equal("STS.2", await IdAsync(cache));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(900, 1)]
    [InlineData(300, 0)]
    public void Refuses_settings_with_which_it_would_be_none(int minimumSeconds, int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Cache(TimeSpan.FromSeconds(minimumSeconds), capacity));
}
