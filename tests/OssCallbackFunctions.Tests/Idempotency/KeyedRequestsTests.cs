using System.Net;
using System.Security.Cryptography;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Idempotency;
using OssCallbackFunctions.Replies;
using OssCallbackFunctions.Storage;

namespace OssCallbackFunctions.Tests.Idempotency;

/// <summary>What takes more time than a test has: leases that end, keys that are free again, secrets that change.</summary>
public sealed class KeyedRequestsTests(RunningApp app)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly string _secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly KeyedRequest _request = Request(Guid.NewGuid().ToString(), "body");
    private readonly List<string> _operations = [];

    [Fact]
    public async Task An_attempt_that_died_is_taken_over_after_a_minute_as_the_same_operation()
    {
        var requests = Requests();
        var never = new TaskCompletionSource<Answer>();
        var dead = requests.OnceAsync(_request, Noted(_ => never.Task), default);
        await RunningApp.EventuallyAsync(() => Task.FromResult(_operations.Count == 1 ? _operations : null));
        _clock.Advance(KeyedRequests.Lease - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.Conflict, (await requests.OnceAsync(_request, Noted(_ => Good("second")), default)).Status);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("second", await TextAsync(requests, _ => Good("second")));
        Assert.Equal(2, _operations.Count);
        Assert.Equal(_operations[0], _operations[1]);

        // Should it live after all, its caller gets the one answer there is.
        never.SetResult(await Good("first"));
        var late = await dead;
        Assert.Equal("second", Text(late));
        Assert.Equal("true", late.Headers[KeyedRequests.Replayed]);
    }

    [Fact]
    public async Task A_failure_frees_the_key_for_the_same_request_alone()
    {
        var requests = Requests();
        await Assert.ThrowsAsync<TimeoutException>(() => requests.OnceAsync(_request, Noted(_ => throw new TimeoutException()), default));
        var other = await requests.OnceAsync(_request with { Fingerprint = "other" }, Noted(_ => Good("other")), default);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Equal("good", await TextAsync(requests, _ => Good("good")));
        Assert.Equal(2, _operations.Count);
        Assert.Equal(_operations[0], _operations[1]);
    }

    [Fact]
    public async Task A_refusal_frees_the_key_for_any_request()
    {
        var requests = Requests();
        var refusal = await requests.OnceAsync(_request, _ => Task.FromResult(ProblemReply.AnswerOf(Problem.InvalidKey)), default);
        Assert.Equal((HttpStatusCode.BadRequest, false), (refusal.Status, refusal.Headers.ContainsKey(KeyedRequests.Replayed)));
        Assert.Equal("other", Text(await requests.OnceAsync(_request with { Fingerprint = "other" }, _ => Good("other"), default)));
    }

    [Fact]
    public async Task The_key_is_free_again_after_its_time_though_the_row_is_still_there_and_its_removal_waits_for_the_new_one()
    {
        var requests = Requests();
        await TextAsync(requests, _ => Good("first"));
        var removal = new Removal([new RowRemoval("idempotency", _request.Scope, KeyedRecord.Row, _clock.GetUtcNow().AddHours(2), Until: KeyedRecord.ExpiresColumn)]);
        _clock.Advance(TimeSpan.FromHours(2) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("first", await TextAsync(requests, _ => Good("second")));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("other", Text(await requests.OnceAsync(_request with { Fingerprint = "other" }, _ => Good("other"), default)));

        var left = Assert.Single((await Removals.RemoveAsync(removal, default))!.Rows);
        Assert.Equal(removal.Rows[0] with { Due = _clock.GetUtcNow().AddHours(2) }, left);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(await Removals.RemoveAsync(new Removal([left]), default));
        Assert.False((await app.Table("idempotency").GetEntityIfExistsAsync<TableEntity>(_request.Scope, KeyedRecord.Row)).HasValue);
    }

    [Fact]
    public async Task The_app_removes_a_row_when_its_time_is_over()
    {
        _clock.SetUtcNow(DateTimeOffset.UtcNow);
        Assert.Equal("kept", await TextAsync(Requests(kept: TimeSpan.FromSeconds(5)), _ => Good("kept")));
        await RunningApp.EventuallyAsync(async () =>
            (await app.Table("idempotency").GetEntityIfExistsAsync<TableEntity>(_request.Scope, KeyedRecord.Row)).HasValue ? null : _request);
    }

    [Fact]
    public async Task The_previous_secret_opens_answers_and_any_other_makes_them_anew()
    {
        await TextAsync(Requests(), _ => Good("first"));
        var other = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        Assert.Equal("first", await TextAsync(Requests(other, _secret), _ => Good("second")));
        Assert.Equal("second", await TextAsync(Requests(other), _ => Good("second")));
        Assert.Equal("second", await TextAsync(Requests(other), _ => Good("third")));
    }

    [Fact]
    public async Task Answers_larger_than_a_property_are_kept_whole()
    {
        // As large as a hundred URLs, and such that it cannot be compressed.
        var text = Convert.ToBase64String(RandomNumberGenerator.GetBytes(150_000));
        await TextAsync(Requests(), _ => Good(text));
        Assert.Equal(text, await TextAsync(Requests(), _ => Good("again")));
        Assert.NotNull((await app.Table("idempotency").GetEntityAsync<TableEntity>(_request.Scope, KeyedRecord.Row)).Value.GetBinary("Answer2"));
    }

    private Func<string, Task<Answer>> Noted(Func<string, Task<Answer>> act) => operation =>
    {
        _operations.Add(operation);
        return act(operation);
    };

    private async Task<string> TextAsync(KeyedRequests requests, Func<string, Task<Answer>> act)
    {
        var answer = await requests.OnceAsync(_request, Noted(act), default);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return Text(answer);
    }

    private static string Text(Answer answer) => System.Text.Encoding.UTF8.GetString(answer.Body);

    private static Task<Answer> Good(string text) => Task.FromResult(new Answer(HttpStatusCode.OK, System.Text.Encoding.UTF8.GetBytes(text), "text/plain"));

    private static KeyedRequest Request(string key, string body) =>
        KeyedRequest.Of("shop", "Function", key, "POST", new Uri("http://host/api/x?y=1"), System.Text.Encoding.UTF8.GetBytes(body));

    private StorageAccount Account => new(Options.Create(new StorageOptions { ConnectionString = app.Stack.StorageConnectionString }));

    private Removals Removals => new(Account, _clock);

    private KeyedRequests Requests(string? secret = null, string? previous = null, TimeSpan? kept = null) => new(
        new KeyedRecords(Account, Removals), new SecretSeals(Options.Create(new GrantOptions { Secret = secret ?? _secret, PreviousSecret = previous })), _clock,
        () => Guid.NewGuid().ToString("N"), Options.Create(new IdempotencyOptions { Kept = kept ?? TimeSpan.FromHours(2) }), NullLogger<KeyedRequests>.Instance);
}
