using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Tests.Attacks;
using OssCallbackFunctions.Tests.UploadSessions;
using OssCallbackFunctions.Tests.Webhooks;
using Sandbox;

namespace OssCallbackFunctions.Tests.Telemetry;

/// <summary>What a running app exports: traces that lead from the beginning to the end, the metrics, and no secret.</summary>
public sealed partial class ExportTests(ExportingApp app) : IClassFixture<ExportingApp>
{
    private readonly string _trace = ActivityTraceId.CreateRandom().ToHexString();
    private readonly Attacker _attacker = new(app);

    private string TraceParent => $"00-{_trace}-00f067aa0ba902b7-01";

    [Fact]
    public async Task One_trace_leads_from_the_credential_to_the_callback_the_event_and_the_webhook()
    {
        var put = await PostAsync("/api/uploads/presigned-put", new { key = RunningApp.NewKey() });
        Attacker.IsVerified((await app.PutAsync(put, [1])).Body);
        var spans = await app.TraceAsync(_trace, "PresignedPut", "upload.credential", "upload.callback", "upload.event", "webhook.delivery");
        var (function, credential, callback) = (Only(spans, "PresignedPut"), Only(spans, "upload.credential"), Only(spans, "upload.callback"));
        Assert.Equal("00f067aa0ba902b7", function.Parent);
        Assert.Equal((function.Id, credential.Id, callback.Id, credential.Id), (credential.Parent, callback.Parent, Only(spans, "upload.event").Parent, Only(spans, "webhook.delivery").Parent));

        // What the event's consumers, and the webhook's receiver, are told.
        var id = put.GetProperty("id").GetString()!;
        Assert.Equal($"00-{_trace}-{credential.Id}-01", Assert.Single(await app.EventsOfAsync(id)).GetProperty("traceparent").GetString());
        var received = (await app.Webhooks.ReceivedAsync(ExportingApp.WebhookPath, $"{id}.verified"))[0];
        Assert.False(received.Headers.ContainsKey("traceparent") || received.Headers.ContainsKey("baggage"));
    }

    [Fact]
    public async Task One_trace_leads_from_the_job_to_its_objects_and_their_callbacks()
    {
        var folder = Folder(3, large: true);
        var id = (await PostAsync("/api/bulk-uploads", new { prefix = new { file = folder }, destination = $"{folder}/" })).GetProperty("id").GetString()!;
        Assert.Equal("Succeeded", (await app.EndOfJobAsync(id)).GetProperty("state").GetString());
        var spans = await app.TraceAsync(
            _trace, "BulkUploadSubmit", "bulk.submit", "bulk.plan", "bulk.expand", "bulk.dispatch", "bulk.page", "bulk.object", "bulk.slice", "bulk.completion", "bulk.finish", "upload.callback");
        var objects = spans.Where(span => span.Name == "bulk.object").ToList();
        Assert.Equal(3, objects.Count);
        Assert.All(objects, span => Assert.Contains(spans, page => page.Name == "bulk.page" && page.Id == span.Parent));
        Assert.All(spans.Where(span => span.Name == "upload.callback"), span => Assert.Contains(spans, parent => parent.Name is "bulk.object" or "bulk.completion" && parent.Id == span.Parent));
        Assert.Contains(spans, span => span.Name == "PUT" && objects.Any(parent => parent.Id == span.Parent));
    }

    [Fact]
    public async Task Of_a_job_of_many_objects_a_hundred_are_in_its_trace()
    {
        var folder = Folder(250, large: false);
        var id = (await PostAsync("/api/bulk-uploads", new { prefix = new { file = folder }, destination = $"{folder}/" })).GetProperty("id").GetString()!;
        Assert.Equal(250, (await app.EndOfJobAsync(id)).GetProperty("counts").GetProperty("succeeded").GetInt64());
        var spans = await app.TraceAsync(_trace, "bulk.finish");

        // By their numbers, since one may be carried again on a machine that is busy.
        var even = Enumerable.Range(0, 125).Select(half => $"{2 * half}").ToHashSet();
        Assert.Equal(even, spans.Where(span => span.Name == "bulk.object").Select(span => span.Attributes["bulk.object.number"]).ToHashSet());
        Assert.Subset(even, spans.Where(span => span.Name == "upload.callback").Select(span => span.Attributes["upload.id"].Split('-')[^1]).ToHashSet());
        Assert.DoesNotContain(spans, span => span.Name is "PUT" or "POST" or "GET" && spans.Any(page => page.Name == "bulk.page" && page.Id == span.Parent));
    }

    [Fact]
    public async Task What_a_worker_asks_its_queues_for_is_in_no_trace()
    {
        await app.TraceAsync(await AnyTraceAsync(), "upload.callback");
        Assert.DoesNotContain(app.Receiver.Spans(), span => span.Parent.Length == 0 && span.Name is "GET" or "DELETE");
    }

    [Fact]
    public async Task No_secret_grant_signature_or_whole_URL_is_exported_or_logged_whatever_is_done()
    {
        var secrets = await UseEverythingAsync();
        await app.TraceAsync(await AnyTraceAsync(), "upload.callback", "upload.event", "webhook.delivery");
        var metrics = await RunningApp.EventuallyAsync<object>(() => Task.FromResult<object?>(
            Expected.All(app.Receiver.Metrics().Contains) ? app.Receiver.Metrics() : null));
        Assert.NotNull(metrics);

        var (exported, log) = (app.Receiver.Text, await app.LogAsync());
        Assert.Contains("Callback refused", exported, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.True(secret.Length > 4, secret));
        Assert.Empty(Leaks(secrets, exported));
        Assert.Empty(Leaks(secrets, log));
        Assert.Empty(WholeUrl().Matches(exported).Select(match => match.Value).Distinct());

        // The same look finds what is there.
        Assert.Equal([ExportingApp.Planted], Leaks([ExportingApp.Planted, app.GrantsSecret], exported));
    }

    private static readonly string[] Expected =
    [
        "upload.credentials", "upload.credential.refusals", "upload.limit.refusals", "upload.callbacks", "upload.callback.duration", "upload.ledger.settlements", "upload.events", "webhook.deliveries",
        "bulk.objects", "bulk.bytes", "bulk.parts", "dead.letters", "oss.key.renewals", "oss_callback_functions.queue.messages", "oss_callback_functions.ledger.overdue",
        "oss_callback_functions.bulk.jobs.stalled", "http.client.request.duration",
    ];

    private static List<string> Leaks(IEnumerable<string> secrets, string text) => [.. secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal)).Distinct()];

    /// <summary>Uses whatever there is, well and badly; gives what must not be told of it.</summary>
    private async Task<List<string>> UseEverythingAsync()
    {
        var secrets = new List<string>
        {
            app.Stack.AccessKey.Secret, app.Stack.FunctionKey, app.GrantsSecret, LentSecrets.StorageKeyOf(app), "shop's key", "blog's key",
            WebhookApp.Secret, WebhookApp.Secret["whsec_".Length..], "webhook-path-secret", "webhook-query-secret", "x-oss-signature=", "Signature=", "?sig=", "&sig=", "popreceipt=",
        };

        // Lent, used, and refused.
        var put = await _attacker.LendAsync();
        Attacker.IsVerified((await app.PutAsync(put.Put, [1])).Body);
        secrets.AddRange(LentSecrets.Of(put));
        var form = await app.FormAsync(new { key = RunningApp.NewKey() });
        Attacker.IsVerified((await app.SendFormAsync(form, [1])).Body);
        secrets.AddRange(form.GetProperty("fields").EnumerateObject().Where(field => field.Name is "policy" or "callback" or "x-oss-signature" or "x-oss-security-token").Select(field => field.Value.GetString()!));
        var refused = await _attacker.LendAsync();
        Attacker.IsRefused(await _attacker.CallAsync(refused.Url + "?sig=callback-query-secret", "{}", request => secrets.Add(request.Headers.GetValues("Authorization").Single())));
        secrets.AddRange([LentSecrets.GrantOf(refused), "callback-query-secret"]);
        using (var keyed = await app.Outside.PostAsync($"{app.Stack.App.Url}/api/uploads/form-post?code={app.Stack.FunctionKey}", JsonContent.Create(new { key = "" })))
        {
            Assert.Equal(HttpStatusCode.BadRequest, keyed.StatusCode);
        }

        // Sessions, parts and temporary keys.
        var (client, key, uploadId, ofSession) = await LentSecrets.OfSessionAsync(app);
        secrets.AddRange(ofSession);
        await client.RefusedAsync(HttpMethod.Get, SessionClient.Path(uploadId + "x", key));

        // Limits.
        Assert.Equal((HttpStatusCode.Unauthorized, "caller_unknown"), await app.RefusalAsync("/api/uploads", new { key = "a" }, ("x-caller-key", "guessed-caller-key")));
        secrets.Add("guessed-caller-key");
        await RunningApp.EventuallyAsync<object>(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/uploads") { Content = JsonContent.Create(new { key = RunningApp.NewKey(), kind = "put" }), Headers = { { "x-caller-key", "blog's key" } } };
            using var response = await app.Http.SendAsync(request);
            return response.StatusCode == HttpStatusCode.TooManyRequests ? response : null;
        });

        // A job, its source with a signature in its query, and one that fails; a dead letter; an entry of the ledger.
        var good = await app.Client.PostAsync("/api/bulk-uploads", new { source = new { url = app.Source.Url("ranges?sig=source-url-secret") }, key = RunningApp.NewKey() }, default);
        var bad = await app.Client.PostAsync("/api/bulk-uploads", new { source = new { url = app.Source.Url("gone?sig=source-url-secret") }, key = RunningApp.NewKey() }, default);
        secrets.Add("source-url-secret");
        Assert.Equal("Succeeded", (await app.EndOfJobAsync(good.GetProperty("id").GetString()!)).GetProperty("state").GetString());
        Assert.Equal("Failed", (await app.EndOfJobAsync(bad.GetProperty("id").GetString()!)).GetProperty("state").GetString());
        await app.Queue("bulk-uploads").SendMessageAsync("no job");
        var now = DateTimeOffset.UtcNow;
        var due = LedgerEntry.Lent(new UploadGrant(Guid.NewGuid().ToString("N"), "default", "", now.AddMinutes(-2)), Stack.Bucket, RunningApp.NewKey(), now.AddMinutes(-3));
        await app.Queue(UploadLedger.Queue).SendMessageAsync(JsonSerializer.Serialize(due, LedgerJson.Default.LedgerEntry));
        return secrets;
    }

    /// <summary>The trace of an upload that is done after all that was done before.</summary>
    private async Task<string> AnyTraceAsync()
    {
        var put = await PostAsync("/api/uploads/presigned-put", new { key = RunningApp.NewKey() });
        Attacker.IsVerified((await app.PutAsync(put, [1])).Body);
        return _trace;
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("traceparent", TraceParent);
        request.Headers.TryAddWithoutValidation("baggage", "user=somebody");
        using var response = await app.Http.SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private string Folder(int files, bool large)
    {
        var folder = Guid.NewGuid().ToString("N");
        var path = Directory.CreateDirectory(Path.Combine(app.Stack.SourceFolder, folder)).FullName;
        for (var i = 0; i < files; i++)
        {
            File.WriteAllBytes(Path.Combine(path, $"{i:D3}"), new byte[large && i == 0 ? 250_000 : 10 + i]);
        }

        return folder;
    }

    private static Span Only(IEnumerable<Span> spans, string name) => Assert.Single(spans, span => span.Name == name);

    // All but scheme and host, and but for the schema that libraries say they keep to.
    [GeneratedRegex(@"https?://(?!opentelemetry\.io/)[^/\s\x00-\x1f]+/[^*\s\x00-\x1f""']+")]
    private static partial Regex WholeUrl();
}
