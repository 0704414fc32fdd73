using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Oss.Emulator.Faults;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>What <c>GET /api/uploads/{id}</c> tells of an upload, from lending to its end.</summary>
public sealed class UploadStatusTests(RunningApp app)
{
    [Fact]
    public async Task Of_a_credential_that_nothing_was_heard_of_is_issued()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        var status = await StatusAsync(put);
        Assert.Equal(["expires", "id", "issued", "state"], status.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal("issued", State(status));
        Assert.Equal(Id(put), status.GetProperty("id").GetString());
        var issued = status.GetProperty("issued").GetDateTimeOffset();
        Assert.InRange(issued, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.InRange(status.GetProperty("expires").GetDateTimeOffset(), put.GetProperty("expires").GetDateTimeOffset(), issued.AddHours(7));
        Assert.False((await app.Table("uploads").GetEntityIfExistsAsync<Azure.Data.Tables.TableEntity>(Id(put), "upload")).HasValue);

        // An upload that OSS refuses changes nothing.
        Assert.Equal(HttpStatusCode.Forbidden, (await app.PutAsync(put, [1], request => request.Headers.Add("x-oss-object-acl", "public-read"))).Status);
        Assert.Equal("issued", State(await StatusAsync(put)));
    }

    [Fact]
    public async Task Of_a_stored_object_is_verified_with_what_was_told()
    {
        var form = await app.FormAsync(new { profile = "orders", subject = "用户 7", variables = new { order = "42" } });
        Assert.Equal(HttpStatusCode.OK, (await app.SendFormAsync(form, [1, 2, 3])).Status);
        var told = Assert.Single(await app.EventsOfAsync(Id(form)));
        var status = await StatusAsync(form);
        Assert.Equal(["expires", "id", "issued", "state", "upload", "verifiedAt"], status.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal("verified", State(status));
        Assert.Equal(told.GetProperty("data").GetRawText(), status.GetProperty("upload").GetRawText());
        Assert.Equal(told.GetProperty("time").GetDateTimeOffset(), status.GetProperty("verifiedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task Of_an_object_that_is_still_to_be_looked_at_is_stored_and_then_verified()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        app.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = put.GetProperty("key").GetString(), Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(3) } });
        Assert.Contains("\"pending\"", (await app.PutAsync(put, [1])).Body, StringComparison.Ordinal);

        // The ledger comes 5 s later: not sooner than this question.
        var stored = await StatusAsync(put);
        Assert.Equal("stored", State(stored));
        Assert.True(stored.TryGetProperty("callbackAt", out _));
        await app.EventsOfAsync(Id(put));
        Assert.Equal("verified", State(await StatusAsync(put)));
    }

    [Fact]
    public async Task Of_a_callback_that_does_not_agree_is_rejected_until_a_true_one_comes()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), callback = "header" });
        var callback = Callback(put);
        var stored = await StoreAsync(put, callback with { Body = callback.Body.Replace("${size}", "99", StringComparison.Ordinal) }, 1);
        Assert.NotNull(stored.CallbackError);
        var rejected = await StatusAsync(put);
        Assert.Equal("rejected", State(rejected));
        Assert.Equal("object_differs", rejected.GetProperty("reason").GetString());
        Assert.True(rejected.TryGetProperty("rejectedAt", out _));

        Assert.Contains("verified", (await StoreAsync(put, callback, 1)).CallbackReply, StringComparison.Ordinal);
        var verified = await StatusAsync(put);
        Assert.Equal("verified", State(verified));
        Assert.False(verified.TryGetProperty("reason", out _));

        // Another object with the same grant is refused, and the upload stays what it is.
        Assert.NotNull((await StoreAsync(put, callback, 2)).CallbackError);
        Assert.Equal("verified", State(await StatusAsync(put)));
        var row = await app.Table("uploads").GetEntityAsync<Azure.Data.Tables.TableEntity>(Id(put), "rejection");
        Assert.Equal("grant_used", row.Value.GetString("Reason"));
    }

    [Fact]
    public async Task Is_not_changed_by_a_stranger()
    {
        // Signed by OSS and about our key, but the grant is another's.
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), callback = "header" });
        var other = Callback(await app.PresignAsync(new { key = RunningApp.NewKey(), callback = "header" }));
        Assert.NotNull((await StoreAsync(put, other, 1)).CallbackError);
        Assert.Equal("issued", State(await StatusAsync(put)));
    }

    [Fact]
    public async Task Of_a_pending_callback_that_turns_out_false_is_rejected()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), callback = "header" });
        app.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = put.GetProperty("key").GetString(), Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(3) } });
        var callback = Callback(put);
        Assert.Contains("pending", (await StoreAsync(put, callback with { Body = callback.Body.Replace("${size}", "99", StringComparison.Ordinal) }, 1)).CallbackReply, StringComparison.Ordinal);
        await RunningApp.EventuallyAsync(async () => State(await StatusAsync(put)) == "rejected" ? "rejected" : null);
    }

    [Fact]
    public async Task Of_a_grant_that_nothing_was_stored_with_is_expired()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        var queue = app.Queue("upload-ledger");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(JsonSerializer.Serialize(new
        {
            v = 1, id = Id(put), profile = "default", subject = "", bucket = Stack.Bucket, key = put.GetProperty("key").GetString(),
            issued = DateTimeOffset.UtcNow.AddMinutes(-3), expires = DateTimeOffset.UtcNow.AddMinutes(-2),
        }));
        await app.RowAsync(Id(put));
        var status = await StatusAsync(put);
        Assert.Equal("expired", State(status));
        Assert.True(status.TryGetProperty("expiredAt", out _));
    }

    [Fact]
    public async Task Of_a_bulk_upload_is_that_of_its_callback()
    {
        await File.WriteAllBytesAsync(Path.Combine(app.Stack.SourceFolder, "status.bin"), [1, 2, 3]);
        var job = await app.Client.PostAsync("/api/bulk-uploads", new { source = new { file = "status.bin" }, key = RunningApp.NewKey() }, default);
        Assert.Equal("Succeeded", (await app.EndOfJobAsync(Id(job))).GetProperty("state").GetString());
        Assert.Equal("verified", State(await StatusAsync(job)));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("uAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("a%20b")]
    [InlineData("a%2Fb")]
    [InlineData("%E7%94%A8")]
    [InlineData("presigned-put")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Of_what_is_no_upload_is_404(string id)
    {
        using var response = await app.Http.GetAsync($"/api/uploads/{id}");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("upload_not_found", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Asks_for_the_function_key()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        using var http = new HttpClient { BaseAddress = app.Http.BaseAddress };
        using var response = await http.GetAsync($"/api/uploads/{Id(put)}");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static string Id(JsonElement lent) => lent.GetProperty("id").GetString()!;

    private static string State(JsonElement status) => status.GetProperty("state").GetString()!;

    private static CallbackParameter Callback(JsonElement put)
    {
        Assert.True(CallbackParameter.TryParse(put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        return callback;
    }

    private Task<StoredObject> StoreAsync(JsonElement put, CallbackParameter callback, byte content) =>
        app.Oss.PutObjectAsync(Stack.Bucket, put.GetProperty("key").GetString()!, UploadBody.From(new[] { content }), null, callback);

    private async Task<JsonElement> StatusAsync(JsonElement lent)
    {
        using var response = await app.Http.GetAsync($"/api/uploads/{Id(lent)}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
