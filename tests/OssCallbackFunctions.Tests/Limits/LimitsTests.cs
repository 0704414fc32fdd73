using System.Net;
using Oss.Emulator.Faults;
using Oss.Protocol;
using OssCallbackFunctions.Tests.Idempotency;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.Limits;

/// <summary>Callers that ask for more than they may, of either instance.</summary>
[Trait("hole", "s18")]
public sealed class LimitsTests(LimitedApp app) : IClassFixture<LimitedApp>
{
    [Fact]
    public async Task Of_many_requests_at_once_as_many_are_granted_as_the_minute_has_and_the_others_are_told_when_to_come_again()
    {
        var first = Minute();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => app.AskAsync("minute", new { profile = "files", kind = "put", size = 1 }, i % 2)));
        var minutes = Minute() - first + 1;
        var (good, refused) = (answers.Count(answer => answer.Status == HttpStatusCode.OK), answers.Where(answer => answer.Status != HttpStatusCode.OK));

        // Ten in each of the minutes that it took, mostly one.
        Assert.InRange(good, 10, 10 * minutes);
        Assert.All(refused, answer => AssertRefused(answer, "too_many_credentials", 60));
        var row = Assert.Single(await app.UsageAsync("minute"));
        Assert.InRange(row.GetInt64("Credentials")!.Value, good > 10 ? 1 : 10, 10);
    }

    [Fact]
    public async Task The_bytes_of_a_day_are_what_credentials_admit_and_a_refusal_counts_nothing()
    {
        await app.GetAsync("day", new { profile = "files", kind = "put", size = 600 });
        AssertRefused(await app.AskAsync("day", new { profile = "files", kind = "put", size = 401 }, 1), "too_many_bytes", 86_400);
        AssertRefused(await app.AskAsync("day", new { profile = "files", kind = "multipart", size = 401 }), "too_many_bytes", 86_400);
        AssertRefused(await app.AskAsync("day", new { profile = "small" }, path: "/api/uploads/form-post"), "too_many_bytes", 86_400);
        Assert.Equal("invalid_size", (await app.AskAsync("day", new { profile = "small", size = 501 }, path: "/api/uploads/form-post")).Code);
        await app.GetAsync("day", new { profile = "files", kind = "put", size = 400 }, 1);
        AssertRefused(await app.AskAsync("day", new { profile = "files", kind = "put", size = 1 }), "too_many_bytes", 86_400);
    }

    [Fact]
    public async Task A_form_counts_with_the_most_that_its_profile_allows()
    {
        await app.GetAsync("forms", new { profile = "small", kind = "form" });
        Assert.Equal(500, Assert.Single(await app.UsageAsync("forms")).GetInt64("Bytes"));
        await app.GetAsync("forms", new { profile = "small", kind = "form" });
        AssertRefused(await app.AskAsync("forms", new { profile = "small", kind = "form" }), "too_many_bytes", 86_400);
    }

    [Fact]
    public async Task A_multipart_upload_counts_until_it_is_completed_or_given_up_and_is_taken_off_once()
    {
        var (one, two) = (await BeginAsync("open"), await BeginAsync("open"));
        AssertRefused(await app.AskAsync("open", Multipart), "too_many_multiparts", 60);

        var etag = await one.Client.SendAsync(one.PartUrl, [1, 2, 3]);
        for (var i = 0; i < 2; i++)
        {
            // The second time nothing is left to be taken off.
            await one.Client.GoodAsync(HttpMethod.Post, one.Path("/complete"), SessionClient.Parts((1, etag)));
        }

        var three = await BeginAsync("open");
        AssertRefused(await app.AskAsync("open", Multipart, 1), "too_many_multiparts", 60);
        for (var i = 0; i < 2; i++)
        {
            await three.Client.GoodAsync(HttpMethod.Delete, three.Path(""));
        }

        await BeginAsync("open");
        AssertRefused(await app.AskAsync("open", Multipart), "too_many_multiparts", 60);
        Assert.NotEqual(two.UploadId, three.UploadId);
    }

    [Fact]
    public async Task Of_many_multipart_uploads_at_once_as_many_begin_as_may_be_open()
    {
        var before = Begun();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.AskAsync("many", Multipart, i % 2)));
        Assert.Equal(2, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => AssertRefused(answer, "too_many_multiparts", 60));
        Assert.Equal(2, Begun() - before);
    }

    [Fact]
    public async Task Uploads_through_a_capability_URL_count_for_the_caller_who_asked_for_it()
    {
        var session = app.Browser(await app.GetAsync("session", new { profile = "small", kind = "session" }));
        Assert.Empty(await app.UsageAsync("session"));
        await session.GoodAsync(HttpMethod.Get, "/s3/params?filename=a&type=text%2Fplain");
        await session.BeginAsync();
        Assert.Equal(((HttpStatusCode)429, "too_many_bytes"), await session.RefusedAsync(HttpMethod.Get, "/s3/params?filename=b&type=text%2Fplain"));
        Assert.Equal(((HttpStatusCode)429, "too_many_bytes"), await session.RefusedAsync(HttpMethod.Post, "/s3/multipart", new { filename = "c", type = "text/plain" }));

        var uppy = app.Browser(await app.GetAsync("uppy", new { profile = "small", kind = "session" }));
        await uppy.BeginAsync();
        Assert.Equal(((HttpStatusCode)429, "too_many_multiparts"), await uppy.RefusedAsync(HttpMethod.Post, "/s3/multipart", new { filename = "c", type = "text/plain" }));
    }

    [Fact]
    public async Task Who_gives_no_name_is_one_caller_with_the_usual_limits_and_who_is_named_may_have_none()
    {
        var answers = new List<Posted>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add(await app.AskAsync(null, new { profile = "files", size = 1 }, i % 2, "/api/uploads/presigned-put"));
            await app.GetAsync("lifted", new { profile = "files", kind = "put", size = 1 });
        }

        Assert.All(answers[..3], answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        AssertRefused(answers[3], "too_many_bytes", 86_400);
        Assert.Empty(await app.UsageAsync("lifted"));
    }

    [Fact]
    public async Task What_could_not_be_lent_is_not_counted()
    {
        var fault = app.Stack.Oss.Faults.Add(new Fault("InitiateMultipartUpload") { KeyPrefix = "files/", Effect = ErrorEffect.Of(OssErrorCode.InternalError) });
        var failed = await app.AskAsync("failing", new { profile = "files", kind = "multipart", size = 1000 });
        app.Stack.Oss.Faults.Remove(fault.Id);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (failed.Status, failed.Code));
        var row = Assert.Single(await app.UsageAsync("failing"));
        Assert.Equal((0, 0), (row.GetInt64("Bytes"), row.GetInt64("Credentials")));
        await app.GetAsync("failing", new { profile = "files", kind = "multipart", size = 1000 }, 1);
    }

    [Fact]
    public async Task A_multipart_upload_that_nobody_ends_counts_until_it_is_given_up()
    {
        var asked = new { profile = "brief", kind = "multipart", size = 3 };
        await app.GetAsync("brief", asked);
        Assert.Equal(2, (await app.UsageAsync("brief")).Count);
        await RunningApp.EventuallyAsync(async () => (await app.UsageAsync("brief")).Count == 1 ? "gone" : null);
        await app.GetAsync("brief", asked, 1);
    }

    [Fact]
    public async Task Parts_are_signed_also_when_the_upload_has_less_than_a_second_left()
    {
        var lent = await app.GetAsync("lifted", new { profile = "instant", kind = "multipart", size = 1 });
        Assert.Contains("x-oss-expires=1&", Assert.Single(lent.GetProperty("multipart").GetProperty("parts").EnumerateArray()).GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_given_again_counts_once()
    {
        var answers = new List<Posted>();
        foreach (var key in (string[])["k1", "k1", "k1", "k2", "k3"])
        {
            answers.Add(await app.AskAsync("again", new { profile = "files", kind = "put", size = 1 }, key: key));
        }

        Assert.Equal([false, true, true, false, false], answers.Select(answer => answer.IsReplayed));
        AssertRefused(answers[^1], "too_many_bytes", 86_400);
    }

    private static readonly object Multipart = new { profile = "files", kind = "multipart", size = 3 };

    private static void AssertRefused(Posted answer, string code, int mostSeconds)
    {
        Assert.Equal(((HttpStatusCode)429, code, "application/problem+json"), (answer.Status, answer.Code, answer.ContentType));
        Assert.InRange(answer.RetryAfter!.Value.TotalSeconds, 1, mostSeconds);
    }

    private static long Minute() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 60;

    private int Begun() => app.Stack.Oss.Requests.Count(request => request.Operation == "InitiateMultipartUpload");

    private async Task<OpenUpload> BeginAsync(string caller)
    {
        var answer = await app.GetAsync(caller, Multipart);
        var multipart = answer.GetProperty("multipart");
        return new OpenUpload(app.Browser(answer), multipart.GetProperty("uploadId").GetString()!, multipart.GetProperty("key").GetString()!, multipart.GetProperty("parts")[0].GetProperty("url").GetString()!);
    }
}

internal sealed record OpenUpload(SessionClient Client, string UploadId, string Key, string PartUrl)
{
    public string Path(string step) => SessionClient.Path(UploadId, Key, step);
}
