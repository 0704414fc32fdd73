using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Oss.Emulator.Faults;
using OssCallbackFunctions.Idempotency;

namespace OssCallbackFunctions.Tests.Idempotency;

/// <summary>POSTs that are sent again under their <c>Idempotency-Key</c>, to whichever instance.</summary>
public sealed class IdempotencyTests(TwoApps app) : IClassFixture<TwoApps>
{
    private readonly string _key = Guid.NewGuid().ToString();

    [Theory]
    [InlineData("/api/uploads/presigned-put", "PresignedPut", """{"key":"a/b 中.txt","size":3}""")]
    [InlineData("/api/uploads/form-post", "FormPost", """{"key":"a/b","subject":"用户"}""")]
    [InlineData("/api/uploads/form-policy", "FormPolicy", """{"profile":"samples","fileName":"a.bin"}""")]
    [InlineData("/api/uploads", "UploadSession", """{"profile":"files","subject":"u","fileName":"a.bin","kind":"multipart","size":1000000000}""")]
    [InlineData("/api/uploads", "UploadSession", """{"profile":"files","subject":"u","fileName":"a.bin","kind":"session"}""", HttpStatusCode.BadRequest)]
    [InlineData("/api/uploads", "UploadSession", """{"profile":"files","subject":"u","kind":"session"}""")]
    public async Task The_same_request_has_the_same_answer_from_any_instance(string path, string function, string json, HttpStatusCode status = HttpStatusCode.OK)
    {
        var body = JsonSerializer.Deserialize<JsonElement>(json);
        var first = await app.PostAsync(0, path, body, _key);
        Assert.Equal((status, false), (first.Status, first.IsReplayed));
        var second = await app.PostAsync(1, path, body, _key);
        if (status == HttpStatusCode.OK)
        {
            Assert.Equal(first with { IsReplayed = true }, second);
            Assert.NotNull(await RowAsync(function));
        }
        else
        {
            // A refusal is made anew, and frees the key.
            Assert.Equal(first, second);
            Assert.Null(await RowAsync(function));
        }
    }

    [Fact]
    public async Task A_multipart_upload_of_a_session_begins_once_with_a_key_of_the_session()
    {
        var many = new { kind = "session", profile = "files", subject = "u" };
        async Task<string> OpenAsync() => new Uri((await app.PostAsync(0, "/api/uploads", many, null)).Json.GetProperty("endpoint").GetString()!).AbsolutePath + "/s3/multipart";
        var (mine, others, file) = (await OpenAsync(), await OpenAsync(), new { filename = "a.bin", type = "text/plain" });
        var first = await app.PostAsync(0, mine, file, _key);
        Assert.Equal((HttpStatusCode.OK, false), (first.Status, first.IsReplayed));
        Assert.Equal(first with { IsReplayed = true }, await app.PostAsync(1, mine, file, _key));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), await app.PostAsync(1, mine, new { filename = "b.bin" }, _key) is var reused ? (reused.Status, reused.Code) : default);
        Assert.Equal((HttpStatusCode.OK, false), await app.PostAsync(1, others, file, _key) is var other ? (other.Status, other.IsReplayed) : default);
        Assert.NotEqual(first.Text, (await app.PostAsync(0, mine, file, null)).Text);
        Assert.Single(app.Stack.Oss.Requests, request => request.Operation == "InitiateMultipartUpload" && request.Key == first.Json.GetProperty("key").GetString());
    }

    [Fact]
    public async Task Without_the_header_two_requests_are_two_and_nothing_is_kept()
    {
        var before = await CountAsync();
        var body = new { key = "a", size = 1 };
        var ids = new[] { await app.PostAsync(0, "/api/uploads/presigned-put", body, null), await app.PostAsync(0, "/api/uploads/presigned-put", body, null) }.Select(answer => answer.Id);
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal(before, await CountAsync());

        // Nor is anything counted, where there are no limits.
        Assert.DoesNotContain("usage", await new TableServiceClient(app.Stack.StorageConnectionString).QueryAsync().Select(table => table.Name).ToListAsync());
    }

    [Fact]
    public async Task Of_many_at_once_one_is_carried_out()
    {
        var body = new { profile = "files", subject = "u", fileName = "a.bin", kind = "multipart" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.PostAsync(i % 2, "/api/uploads", body, _key)));
        Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.OK || answer is { Status: HttpStatusCode.Conflict, Code: "idempotency_in_flight", RetryAfter.TotalSeconds: > 0 }, answer.Text));
        var good = answers.Where(answer => answer.Status == HttpStatusCode.OK).ToList();
        var first = Assert.Single(good, answer => !answer.IsReplayed);
        Assert.All(good, answer => Assert.Equal(first.Text, answer.Text));
        Assert.Equal(first with { IsReplayed = true }, await app.PostAsync(1, "/api/uploads", body, _key));
        var key = first.Json.GetProperty("multipart").GetProperty("key").GetString();
        Assert.Single(app.Stack.Oss.Requests, request => request.Operation == "InitiateMultipartUpload" && request.Key == key);
    }

    [Fact]
    public async Task Another_request_with_the_key_is_refused()
    {
        const string path = "/api/uploads/presigned-put";
        await app.PostAsync(0, path, new { key = "a", size = 1 }, _key);
        foreach (var (other, body) in new[] { (path, (object)new { key = "b", size = 1 }), (path + "?x=1", new { key = "a", size = 1 }) })
        {
            var refused = await app.PostAsync(1, other, body, _key);
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (refused.Status, refused.Code));
        }
    }

    [Fact]
    public async Task A_key_is_its_callers_and_its_routes_own()
    {
        var body = new { key = "a", size = 1 };
        var answers = new[]
        {
            await app.PostAsync(0, "/api/uploads/presigned-put", body, _key), await app.PostAsync(0, "/api/uploads/presigned-put", body, _key, "blog's key"),
            await app.PostAsync(0, "/api/uploads/presigned-put", body, _key, "shop's key"), await app.PostAsync(0, "/api/uploads/form-post", body, _key),
        };
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, false), (answer.Status, answer.IsReplayed)));
        Assert.Equal(4, answers.Select(answer => answer.Id).Distinct().Count());
        var stranger = await app.PostAsync(0, "/api/uploads/presigned-put", body, _key, "nobody's key");
        Assert.Equal((HttpStatusCode.Unauthorized, "caller_unknown"), (stranger.Status, stranger.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("\"abc")]
    [InlineData("\"a\\b\"")]
    [InlineData("\"abc\";p=1")]
    [InlineData("clé")]
    [InlineData("a\tb")]
    public async Task What_is_no_key_is_refused(string key)
    {
        var refused = await app.PostAsync(0, "/api/uploads/presigned-put", new { key = "a", size = 1 }, key);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_idempotency_key"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task The_key_may_be_in_quotes_as_long_as_255_characters()
    {
        var key = (_key + " \"\\").PadRight(255, '~');
        var quoted = $"\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        var first = await app.PostAsync(0, "/api/uploads/presigned-put", new { key = "a", size = 1 }, quoted);
        Assert.Equal(first with { IsReplayed = true }, await app.PostAsync(0, "/api/uploads/presigned-put", new { key = "a", size = 1 }, key));
        Assert.Equal("invalid_idempotency_key", (await app.PostAsync(0, "/api/uploads/presigned-put", new { key = "a", size = 1 }, key + "~")).Code);
    }

    [Fact]
    public async Task A_bulk_upload_without_an_id_is_one_job()
    {
        var body = new { source = new { url = "http://" + app.Source.Authority + "/nothing" }, key = RunningApp.NewKey() };
        var first = await app.PostAsync(0, "/api/bulk-uploads", body, _key);
        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.EndsWith("/api/bulk-uploads/" + first.Id, first.Location!.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(first with { IsReplayed = true }, await app.PostAsync(1, "/api/bulk-uploads", body, _key));

        // Nor is it another when the worker died after it took the job, and before it could tell.
        var row = (await RowAsync("BulkUploadSubmit"))!;
        row.Remove("Answer0");
        row["Lease"] = DateTimeOffset.UtcNow;
        await app.Table("idempotency").UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        var again = await app.PostAsync(1, "/api/bulk-uploads", body, _key);
        Assert.Equal((HttpStatusCode.Accepted, first.Id, false), (again.Status, again.Id, again.IsReplayed));
    }

    [Fact]
    public async Task What_an_instance_that_died_was_at_is_taken_over_when_its_time_is_over()
    {
        var key = RunningApp.NewKey();
        var body = new { key, kind = "multipart", size = 5_000_000 };
        var fault = app.Stack.Oss.Faults.Add(new Fault("InitiateMultipartUpload") { KeyPrefix = key, Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromMinutes(1) } });
        var dying = app.PostAsync(1, "/api/uploads", body, _key);
        await RunningApp.EventuallyAsync(() => Task.FromResult(fault.Hits > 0 ? fault : null));
        await app.Other.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => dying);
        var refused = await app.PostAsync(0, "/api/uploads", body, _key);
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_in_flight", true), (refused.Status, refused.Code, refused.RetryAfter > TimeSpan.Zero));

        // 60 s later.
        var row = (await RowAsync("UploadSession"))!;
        Assert.InRange(row.GetDateTimeOffset("Lease")!.Value, DateTimeOffset.UtcNow.AddSeconds(-60), DateTimeOffset.UtcNow.AddSeconds(60));
        row["Lease"] = row.GetDateTimeOffset("Lease")!.Value.AddSeconds(-120);
        await app.Table("idempotency").UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        var answer = await app.PostAsync(0, "/api/uploads", body, _key);
        Assert.Equal(HttpStatusCode.OK, answer.Status);

        // It is there when the instance comes back.
        await app.Other.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(answer with { IsReplayed = true }, await app.PostAsync(1, "/api/uploads", body, _key));
    }

    [Fact]
    public async Task The_table_has_neither_key_nor_credential_in_it_and_the_row_has_its_removal()
    {
        var body = new { key = RunningApp.NewKey(), kind = "multipart", size = 1_000_000_000 };
        var answer = await app.PostAsync(0, "/api/uploads", body, _key);
        Assert.Contains("x-oss-signature", answer.Text, StringComparison.Ordinal);
        var row = (await RowAsync("UploadSession"))!;
        var texts = row.Select(column => column.Value).Select(value => value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!).ToList();
        foreach (var secret in new[] { _key, body.key, "x-oss", "http", "endpoint", answer.Id })
        {
            Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }

        // Nor compressed alone: what was sealed looks like noise, of which each byte comes about as often as any other.
        var sealedBytes = row.GetBinary("Answer0");
        Assert.True(sealedBytes.Length > 4000);
        Assert.DoesNotContain(Encoding.Latin1.GetString([0x1f, 0x8b, 0x08]), Encoding.Latin1.GetString(sealedBytes), StringComparison.Ordinal);
        Assert.InRange(row.GetDateTimeOffset("Expires")!.Value - DateTimeOffset.UtcNow, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    private static string ScopeOf(string function, string key) => KeyedRequest.Of(null, function, key, "POST", new Uri("http://host/"), []).Scope;

    private async Task<TableEntity?> RowAsync(string function)
    {
        var found = await app.Table("idempotency").GetEntityIfExistsAsync<TableEntity>(ScopeOf(function, _key), KeyedRecord.Row);
        return found.HasValue ? found.Value : null;
    }

    private async Task<int> CountAsync()
    {
        await app.Table("idempotency").CreateIfNotExistsAsync();
        return await app.Table("idempotency").QueryAsync<TableEntity>(select: ["RowKey"]).CountAsync();
    }
}
