using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using OssCallbackFunctions.DeadLetters;
using OssCallbackFunctions.Tests.BulkUploads;

namespace OssCallbackFunctions.Tests.DeadLetters;

public sealed class DeadLetterTests(RunningApp app)
{
    private const string Jobs = "bulk-uploads";

    private readonly string _marker = Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData(Jobs, "given_up")]
    [InlineData("removals", "given_up")]
    [InlineData("upload-ledger", "given_up")]
    [InlineData("webhook-deliveries", "given_up")]
    [InlineData("bulk-upload-work", "given_up")]
    [InlineData("bulk-upload-urgent-work", "given_up")]
    public async Task Records_what_the_host_gave_up_as_it_was_however_long(string queue, string code)
    {
        // As long as a message can be, and of characters that take more room in a table's text.
        var message = $$"""{"id":"{{_marker}}","text":"{{new string('x', 48 * 1024 - 100)}}"}""";
        await SendAsync(queue + "-poison", message);
        var letter = await LetterAsync(queue);
        Assert.Equal((queue, code, message, false), (Text(letter, "queue"), Text(letter, "code"), Text(letter, "message"), letter.GetProperty("isCut").GetBoolean()));
        Assert.InRange(letter.GetProperty("diedAt").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(1));
        await DeleteAsync(letter);
    }

    [Fact]
    public async Task Records_the_work_that_it_failed_when_workers_died()
    {
        await SendAsync("bulk-upload-work-poison", $$"""{"kind":"slice","v":1,"jobId":"{{_marker}}","epoch":1,"number":0,"beginning":"b","first":1,"last":3}""");
        Assert.Equal("worker_died", Text(await LetterAsync("bulk-upload-work"), "code"));
    }

    [Fact]
    public async Task Sends_one_back_as_it_was_and_only_once()
    {
        var job = NewJob(0);
        await SendAsync(Jobs + "-poison", job);
        var letter = await LetterAsync(Jobs);
        using var sent = await app.Http.PostAsync($"{Path(letter)}/requeue", null);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.Equal("Succeeded", Text(await app.EndOfJobAsync($"{_marker}-0"), "state"));
        Assert.Empty(await LettersAsync(Jobs));
        Assert.Equal((HttpStatusCode.NotFound, "dead_letter_not_found"), await app.RefusalAsync($"{Path(letter)}/requeue", new { }));
    }

    [Fact]
    public async Task Sends_those_of_a_reason_back_and_leaves_the_others()
    {
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(Jobs + "-poison", JsonSerializer.Serialize(new DeadLetter(1, i < 2 ? _marker : _marker + "-other", "Some reason.", NewJob(i)), JsonSerializerOptions.Web));
        }

        await RunningApp.EventuallyAsync<object>(async () => await LettersAsync(Jobs) is { Count: 3 } all ? all : null);
        var sent = await PostAsync("requeue", new { queue = Jobs, code = _marker });
        Assert.Equal((2, false), (sent.GetProperty("requeued").GetInt32(), sent.TryGetProperty("next", out _)));
        Assert.Equal("Succeeded", Text(await app.EndOfJobAsync($"{_marker}-0"), "state"));
        Assert.Equal("Succeeded", Text(await app.EndOfJobAsync($"{_marker}-1"), "state"));
        var left = Assert.Single(await LettersAsync(Jobs));
        Assert.Equal(("Some reason.", NewJob(2)), (Text(left, "reason"), Text(left, "message")));
    }

    [Fact]
    public async Task Sends_all_of_a_queue_back()
    {
        // A removal that is due, of rows that nobody has.
        var removal = $$"""{"v":1,"rows":[{"table":"removalstest","partition":"{{_marker}}","due":"2020-01-01T00:00:00+00:00"}]}""";
        await SendAsync("removals-poison", removal);
        await LetterAsync("removals");
        Assert.NotEqual(0, (await PostAsync("requeue", new { queue = "removals", all = true })).GetProperty("requeued").GetInt32());
        Assert.Empty(await LettersAsync("removals"));
    }

    [Fact]
    public async Task Lists_and_purges_in_pages_by_reason_and_by_time()
    {
        var table = app.Table("deadletters");
        await table.CreateIfNotExistsAsync();
        var first = DateTimeOffset.UtcNow.AddHours(-1);
        var rows = Enumerable.Range(0, 251).Select(i => DeadLetterRecord.Of(Jobs, new DeadLetter(1, _marker, "Some reason.", $"{i} {_marker}"), "id", first.AddSeconds(i)).ToEntity());
        foreach (var some in rows.Chunk(100))
        {
            await table.SubmitTransactionAsync(some.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
        }

        var listed = await app.DeadLettersAsync(Jobs, _marker, 40).Select(letter => Text(letter, "message").Split(' ')[0]).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 251).Reverse().Select(i => $"{i}"), listed);

        // The one of that very second is not before it.
        var purged = await PostAsync("purge", new { queue = Jobs, code = _marker, before = first.AddSeconds(30) });
        Assert.Equal((30, false), (purged.GetProperty("purged").GetInt32(), purged.TryGetProperty("next", out _)));
        Assert.Equal("30", Text((await LettersAsync(Jobs, _marker))[^1], "message").Split(' ')[0]);

        var more = await PostAsync("purge", new { queue = Jobs, code = _marker });
        Assert.Equal(200, more.GetProperty("purged").GetInt32());
        var rest = await PostAsync("purge", new { queue = Jobs, code = _marker, after = Text(more, "next") });
        Assert.Equal((21, false), (rest.GetProperty("purged").GetInt32(), rest.TryGetProperty("next", out _)));
        Assert.Empty(await LettersAsync(Jobs, _marker));
    }

    [Fact]
    public async Task Records_and_counts_a_message_once_however_often_it_comes_and_two_of_one_id_both()
    {
        await using var engine = new Engine(app);
        var (counted, meter) = (new List<string>(), engine.DeadLetterMetrics.Meter);
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counted.Add($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        meters.Start();
        var said = new Dictionary<string, object?> { ["Id"] = "same", ["InsertionTime"] = "\"2026-01-02T03:04:05+00:00\"" };
        foreach (var text in new[] { "one", "one", "other" })
        {
            await engine.DeadLetters.TakeAsync(Jobs, DeadLetter.Of($"{text} {_marker}"), said, default);
        }

        Assert.Equal(Enumerable.Repeat($"dead.letters 1 {Jobs} given_up", 2), counted);
        var letters = await LettersAsync(Jobs);
        Assert.Equal(2, letters.Count);
        Assert.All(letters, letter => Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), letter.GetProperty("diedAt").GetDateTimeOffset()));
    }

    [Fact]
    public async Task Removes_a_record_when_its_time_is_over()
    {
        await using var engine = new Engine(app, ("Retention__Records", "00:00:01"), ("Retention__AllowShort", "true"));
        await engine.DeadLetters.TakeAsync(Jobs, DeadLetter.Of(_marker), new Dictionary<string, object?>(), default);
        await RunningApp.EventuallyAsync<object>(async () => await LettersAsync(Jobs) is { Count: 0 } none ? none : null);
    }

    [Fact]
    public async Task Keeps_the_beginning_of_what_is_too_long_with_its_reason_and_does_not_send_that_back()
    {
        await SendAsync(Jobs, _marker + new string('\u0001', 40 * 1024));
        var letter = await LetterAsync(Jobs);
        Assert.Equal(("invalid_json", true), (Text(letter, "code"), letter.GetProperty("isCut").GetBoolean()));
        Assert.Equal((HttpStatusCode.Conflict, "dead_letter_cut"), await app.RefusalAsync($"{Path(letter)}/requeue", new { }));
        await DeleteAsync(letter);
        Assert.Empty(await LettersAsync(Jobs));
    }

    [Theory]
    [InlineData("requeue", """{"queue":"bulk-uploads"}""", "invalid_query")]
    [InlineData("requeue", """{"queue":"bulk-uploads","code":"x","all":true}""", "invalid_query")]
    [InlineData("requeue", """{"queue":"upload-events","all":true}""", "invalid_query")]
    [InlineData("requeue", """{"queue":"bulk-uploads","code":"x","after":"y"}""", "invalid_query")]
    [InlineData("requeue", """{"queue":"bulk-uploads","reason":"x"}""", "invalid_json")]
    [InlineData("purge", "{}", "invalid_query")]
    [InlineData("purge", """{"queue":"bulk-uploads","code":"x","after":"removals/1"}""", "invalid_query")]
    [InlineData("purge", """{"queue":"bulk-uploads","code":"x","before":"yesterday"}""", "invalid_json")]
    public async Task Refuses_orders_that_are_not_clear(string action, string body, string code) =>
        Assert.Equal((HttpStatusCode.BadRequest, code), await app.RefusalAsync($"/api/dead-letters/{action}", JsonDocument.Parse(body)));

    [Theory]
    [InlineData("?count=0")]
    [InlineData("?count=101")]
    [InlineData("?after=x")]
    [InlineData("?queue=upload-events")]
    public async Task Refuses_queries_that_mean_nothing(string query)
    {
        using var response = await app.Http.GetAsync("/api/dead-letters" + query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_query", Text(await response.Content.ReadFromJsonAsync<JsonElement>(), "code"));
    }

    [Theory]
    [InlineData("GET", "dead-letters")]
    [InlineData("POST", "dead-letters/requeue")]
    [InlineData("POST", "dead-letters/purge")]
    [InlineData("DELETE", "dead-letters/bulk-uploads/x")]
    [InlineData("POST", "dead-letters/bulk-uploads/x/requeue")]
    public async Task Needs_a_key(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{app.Stack.App.Url}/api/{path}");
        using var response = await app.Outside.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string Path(JsonElement letter) => $"/api/dead-letters/{Text(letter, "queue")}/{Text(letter, "id")}";

    private string NewJob(int number) => $$$"""{"id":"{{{_marker}}}-{{{number}}}","source":{"file":"{{{File()}}}"},"key":"dead/{{{_marker}}}/{{{number}}}"}""";

    private string File()
    {
        var path = System.IO.Path.Combine(app.Stack.SourceFolder, _marker);
        System.IO.File.WriteAllText(path, "some bytes");
        return _marker;
    }

    private async Task SendAsync(string queue, string message)
    {
        await app.Queue(queue).CreateIfNotExistsAsync();
        await app.Queue(queue).SendMessageAsync(message);
    }

    private async Task DeleteAsync(JsonElement letter)
    {
        using var response = await app.Http.DeleteAsync(Path(letter));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<JsonElement> PostAsync(string action, object body)
    {
        using var response = await app.Http.PostAsync($"/api/dead-letters/{action}", new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private ValueTask<List<JsonElement>> LettersAsync(string queue, string? code = null) =>
        app.DeadLettersAsync(queue, code).Where(letter => Text(letter, "message").Contains(_marker, StringComparison.Ordinal)).ToListAsync();

    private async Task<JsonElement> LetterAsync(string queue) => (JsonElement)await RunningApp.EventuallyAsync<object>(async () =>
        await LettersAsync(queue) is [var letter] ? (object)letter : null);
}
