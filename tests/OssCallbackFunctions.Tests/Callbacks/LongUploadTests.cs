using System.Net;
using System.Text.Json;
using Oss.Emulator.Faults;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>An app whose credentials are over soon, while an upload that was begun in time may take hours.</summary>
public sealed class PatientApp : RunningApp
{
    protected override Dictionary<string, string> Settings => new()
    {
        ["Uploads__Lifetime"] = "00:00:08",
        ["Uploads__MaxUploadTime"] = "06:00:00",
        ["Ledger__Grace"] = "00:00:01",
    };
}

/// <summary>What the ledger does when a credential is over and its grant is not.</summary>
public sealed class LongUploadTests(PatientApp app) : IClassFixture<PatientApp>
{
    private static readonly TimeSpan Promised = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_object_whose_callback_was_lost_is_told_of_soon_after_its_credential_and_not_hours_later(bool isForm)
    {
        var key = DroppingKey();
        var lent = isForm ? await app.FormAsync(new { key }) : await app.PresignAsync(new { key });
        var (status, _) = isForm ? await app.SendFormAsync(lent, "lost"u8.ToArray()) : await app.PutAsync(lent, "lost"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, status);
        var id = lent.GetProperty("id").GetString()!;
        var happened = Assert.Single(await app.EventsOfAsync(id));
        Assert.Equal(id + ".verified", happened.GetProperty("id").GetString());
        Assert.True(happened.GetProperty("data").GetProperty("foundWithoutCallback").GetBoolean());
        var expires = lent.GetProperty("expires").GetDateTimeOffset();
        Assert.InRange(happened.GetProperty("time").GetDateTimeOffset(), expires, expires + Promised);
    }

    [Fact]
    public async Task What_is_not_there_yet_is_awaited_until_its_grant_is_over()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey() });
        var id = put.GetProperty("id").GetString()!;
        await AwaitedAsync(id);
        Assert.False((await app.Table("uploads").GetEntityIfExistsAsync<Azure.Data.Tables.TableEntity>(id, "upload")).HasValue);
        var status = JsonDocument.Parse(await app.Http.GetStringAsync($"/api/uploads/{id}")).RootElement;
        Assert.Equal("issued", status.GetProperty("state").GetString());

        // For the last look.
        Assert.True((await app.Queue("upload-ledger").GetPropertiesAsync()).Value.ApproximateMessagesCount > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_multipart_upload_is_completed_and_told_of_after_the_first_look(bool isCallbackLost)
    {
        var key = isCallbackLost ? DroppingKey("CompleteMultipartUpload") : RunningApp.NewKey();
        var (answer, client) = await SessionClient.OpenAsync(app, new { key, kind = "multipart", size = 3 });
        var id = answer.GetProperty("id").GetString()!;
        await AwaitedAsync(id);

        var uploadId = answer.GetProperty("multipart").GetProperty("uploadId").GetString()!;
        var part = await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"));
        var etag = await client.SendAsync(part.GetProperty("url").GetString()!, [1, 2, 3]);
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, etag)));
        var data = Assert.Single(await app.EventsOfAsync(id)).GetProperty("data");
        Assert.Equal("CompleteMultipartUpload", data.GetProperty("operation").GetString());
    }

    private string DroppingKey(params string[] operations)
    {
        var key = RunningApp.NewKey();
        foreach (var operation in operations is [] ? ["PutObject", "PostObject"] : operations)
        {
            app.Stack.Oss.Faults.Add(new Fault(operation) { KeyPrefix = key, Effect = new DropCallbackEffect { Answer = DroppedCallback.Success } });
        }

        return key;
    }

    private Task<string> AwaitedAsync(string id) => RunningApp.EventuallyAsync(async () => (await app.LogAsync()).Contains($"upload {id} is Awaited", StringComparison.Ordinal) ? "awaited" : null);
}
