using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using Oss.Emulator.Faults;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>Entries of the ledger that are due: some the app leaves behind itself, the others are put on its queue as they would be when their grant is over.</summary>
public sealed class LedgerTests(RunningApp app)
{
    [Fact]
    public async Task Answers_pending_when_the_object_cannot_be_looked_at_in_time_and_tells_of_it_soon_after()
    {
        var key = RunningApp.NewKey();
        app.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = key, Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(3) } });
        var put = await app.PresignAsync(new { key, subject = "用户 7" });
        var (status, body) = await app.PutAsync(put, "slow"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, status);
        var id = put.GetProperty("id").GetString()!;
        Assert.Equal(JsonSerializer.Serialize(new { state = "pending", id, bucket = Stack.Bucket, key }), body);

        await app.EventsOfAsync(id);
        var happened = Assert.Single(app.Events(id));
        Assert.Equal(id + ".verified", happened.GetProperty("id").GetString());
        var data = happened.GetProperty("data");
        Assert.Equal("PutObject", data.GetProperty("operation").GetString());
        Assert.Equal("用户 7", data.GetProperty("subject").GetString());
        Assert.Equal(4, data.GetProperty("size").GetInt64());
        Assert.False(data.TryGetProperty("foundWithoutCallback", out _));
    }

    [Fact]
    public async Task Answers_pending_when_OSS_refuses_to_show_the_object_and_tries_again_until_it_does()
    {
        // OSS is asked three times for the callback, and three times for the first attempt at the entry.
        var key = RunningApp.NewKey();
        app.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = key, Times = 6, Effect = ErrorEffect.Of(OssErrorCode.InternalError) });
        var put = await app.PresignAsync(new { key });
        using var answer = JsonDocument.Parse((await app.PutAsync(put, [1])).Body);
        Assert.Equal("pending", answer.RootElement.GetProperty("state").GetString());
        await app.EventsOfAsync(put.GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task Puts_an_entry_off_while_OSS_does_not_answer()
    {
        var key = RunningApp.NewKey();
        app.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = key, Times = 3, Effect = ErrorEffect.Of(OssErrorCode.InternalError) });
        var id = await SendAsync(null, key, DateTimeOffset.UtcNow.AddHours(-7));
        Assert.Equal("Expired", (await app.RowAsync(id)).GetString("State"));
        Assert.Equal(4, app.Stack.Oss.Requests.Count(request => request.Operation == "HeadObject" && request.Key == key));
    }

    [Fact]
    public async Task Does_not_believe_a_pending_callback_more_than_another()
    {
        var key = RunningApp.NewKey();
        app.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = key, Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(3) } });
        var put = await app.PresignAsync(new { key, callback = "header" });
        Assert.True(CallbackParameter.TryParse(put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        var forged = new CallbackParameter { Urls = callback.Urls, Body = callback.Body.Replace("${size}", "99", StringComparison.Ordinal), BodyType = CallbackBodyType.Json };
        var stored = await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1, 2 }), null, forged);
        Assert.Contains("pending", stored.CallbackReply, StringComparison.Ordinal);

        await RunningApp.EventuallyAsync(() => Task.FromResult(
            app.Stack.Oss.Requests.Count(request => request.Operation == "HeadObject" && request.Key == key) > 1 ? "looked at" : null));
        var id = put.GetProperty("id").GetString()!;
        Assert.Empty(app.Events(id));

        // The true callback is not spoiled by the false one.
        Assert.Contains("verified", (await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1, 2 }), null, callback)).CallbackReply, StringComparison.Ordinal);
        await app.EventsOfAsync(id);
        Assert.Equal(2, Assert.Single(app.Events(id)).GetProperty("data").GetProperty("size").GetInt64());
    }

    [Fact]
    public async Task Tells_of_an_upload_that_was_recorded_and_not_told()
    {
        var id = Guid.NewGuid().ToString("N");
        var key = RunningApp.NewKey();
        await app.RowAsync(await ExpiredAsync());
        var row = new TableEntity(id, "upload")
        {
            ["Bucket"] = Stack.Bucket, ["Key"] = key, ["Size"] = 5L, ["ObjectETag"] = "ABCDEF", ["Crc64"] = "123", ["Operation"] = "PutObject", ["Profile"] = "default",
            ["OssRequestId"] = "0123456789ABCDEF01234567", ["VerifiedAt"] = DateTimeOffset.UnixEpoch, ["EventSent"] = false,
        };
        await app.Table("uploads").AddEntityAsync(row);
        await SendAsync(id, key, DateTimeOffset.UtcNow.AddHours(-7));
        await app.EventsOfAsync(id);
        var happened = Assert.Single(app.Events(id));
        Assert.Equal(id + ".verified", happened.GetProperty("id").GetString());
        Assert.Equal(DateTimeOffset.UnixEpoch, happened.GetProperty("time").GetDateTimeOffset());
        Assert.Equal(
            $$"""{"uploadId":"{{id}}","profile":"default","bucket":"{{Stack.Bucket}}","key":"{{key}}","size":5,"etag":"ABCDEF","crc64":"123","operation":"PutObject","ossRequestId":"0123456789ABCDEF01234567"}""",
            happened.GetProperty("data").GetRawText());
        await RunningApp.EventuallyAsync(async () => (await app.RowAsync(id)).GetBoolean("EventSent") == true ? "sent" : null);

        // A message that comes twice tells nothing twice; the entries after it show that it was handled.
        await SendAsync(id, key, DateTimeOffset.UtcNow.AddHours(-7));
        await app.RowAsync(await ExpiredAsync());
        await app.RowAsync(await ExpiredAsync());
        Assert.Single(app.Events(id));
    }

    [Fact]
    public async Task Does_not_take_an_object_that_was_there_before_for_an_upload()
    {
        var key = RunningApp.NewKey();
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        var storedAt = (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!.LastModified!.Value;
        var id = await SendAsync(null, key, storedAt.AddMinutes(15).AddSeconds(1));
        Assert.Equal("Expired", (await app.RowAsync(id)).GetString("State"));
        Assert.Empty(app.Events(id));
    }

    [Fact]
    public async Task Takes_an_object_that_seems_older_than_its_credential_by_as_much_as_OSS_lets_clocks_differ()
    {
        var key = RunningApp.NewKey();
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        var storedAt = (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!.LastModified!.Value;
        var id = await SendAsync(null, key, storedAt.AddMinutes(15));
        Assert.Equal("Verified", (await app.RowAsync(id)).GetString("State"));
        Assert.True(Assert.Single(await app.EventsOfAsync(id)).GetProperty("data").GetProperty("foundWithoutCallback").GetBoolean());
    }

    [Fact]
    public async Task Does_not_take_an_object_that_seems_older_when_its_bytes_were_told_of_before()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        var key = put.GetProperty("key").GetString()!;
        await app.PutAsync(put, "again"u8.ToArray());
        var before = (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!.LastModified;
        var storedAt = DateTimeOffset.Parse(await RunningApp.EventuallyAsync(async () =>
        {
            await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From("again"u8.ToArray()));
            var now = (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!.LastModified;
            return now > before ? now.Value.ToString("O") : null;
        }), System.Globalization.CultureInfo.InvariantCulture);
        var id = await SendAsync(null, key, storedAt.AddMinutes(5));
        Assert.Equal("Expired", (await app.RowAsync(id)).GetString("State"));
        Assert.Empty(app.Events(id));
    }

    [Fact]
    public async Task Gives_a_multipart_upload_up_that_was_not_completed()
    {
        var key = RunningApp.NewKey();
        var multipart = await app.Oss.InitiateMultipartUploadAsync(Stack.Bucket, key);
        await app.Oss.UploadPartAsync(Stack.Bucket, key, multipart, 1, UploadBody.From(new byte[] { 1 }));
        var id = await SendAsync(null, key, DateTimeOffset.UtcNow.AddHours(-7), multipart);
        Assert.Equal("Expired", (await app.RowAsync(id)).GetString("State"));
        await RunningApp.EventuallyAsync(async () =>
        {
            try
            {
                await foreach (var part in app.Oss.ListPartsAsync(Stack.Bucket, key, multipart))
                {
                    return null;
                }

                return null;
            }
            catch (OssException e) when (e.Is(OssErrorCode.NoSuchUpload))
            {
                return "gone";
            }
        });
    }

    [Fact]
    public async Task Leaves_an_upload_alone_that_a_callback_told_of()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        var id = put.GetProperty("id").GetString()!;
        await app.PutAsync(put, [1]);
        await app.EventsOfAsync(id);
        await RunningApp.EventuallyAsync(async () => (await app.RowAsync(id)).GetBoolean("EventSent") == true ? "sent" : null);
        await SendAsync(id, (await app.RowAsync(id)).GetString("Key"), DateTimeOffset.UtcNow.AddHours(-7));
        await app.RowAsync(await ExpiredAsync());
        await app.RowAsync(await ExpiredAsync());
        Assert.Single(app.Events(id));
        Assert.Equal("Verified", (await app.RowAsync(id)).GetString("State"));
    }

    /// <summary>Sends the entry of a grant that was never used.</summary>
    private Task<string> ExpiredAsync() => SendAsync(null, RunningApp.NewKey(), DateTimeOffset.UtcNow.AddHours(-7));

    private async Task<string> SendAsync(string? id, string key, DateTimeOffset issued, string? multipartId = null)
    {
        id ??= Guid.NewGuid().ToString("N");
        var entry = new { v = 1, id, profile = "default", subject = "", bucket = Stack.Bucket, key, issued, expires = DateTimeOffset.UtcNow.AddMinutes(-2), multipartId };
        var queue = app.Queue("upload-ledger");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(JsonSerializer.Serialize(entry));
        return id;
    }
}
