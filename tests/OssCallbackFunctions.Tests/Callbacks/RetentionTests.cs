using System.Net;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Oss.Protocol;
using OssCallbackFunctions.Callbacks;
using OssCallbackFunctions.Grants;
using OssCallbackFunctions.Storage;
using OssCallbackFunctions.Tests.Webhooks;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>An app that keeps records for a second, and whose grants are over soon.</summary>
public sealed class ForgetfulApp : RunningApp
{
    private WebhookReceiver? _receiver;

    protected override Dictionary<string, string> Settings => new()
    {
        ["Uploads__Lifetime"] = "00:00:10",
        ["Uploads__MaxUploadTime"] = "00:00:00",
        ["Ledger__Grace"] = "00:00:01",
        ["Retention__Records"] = "00:00:03",
        ["Retention__AllowShort"] = "true",
        ["Webhooks__main__Url"] = _receiver!.BaseUrl,
        ["Webhooks__main__Secret"] = WebhookApp.Secret,
        ["Webhooks__main__AllowHttp"] = "true",
    };

    public override async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver!.DisposeAsync();
    }
}

/// <summary>How long what is kept of an upload is kept.</summary>
public sealed class RetentionTests(ForgetfulApp app) : IClassFixture<ForgetfulApp>
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly UploadEventData Upload = new("id-1", "default", null, "bucket", "key", 1, "E", null, null, null, null);

    [Fact]
    public async Task Records_and_deliveries_are_removed_and_the_grant_cannot_be_used_again()
    {
        var key = RunningApp.NewKey();
        var put = await app.PresignAsync(new { key, callback = "header" });
        var unused = (await app.PresignAsync(new { key = RunningApp.NewKey() })).GetProperty("id").GetString()!;
        var id = put.GetProperty("id").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, [1])).Status);
        await app.RowAsync(id);
        await RunningApp.EventuallyAsync(async () => await HasRowAsync("webhookdeliveries", id + ".verified", "main") ? "delivered" : null);
        Assert.Equal("Expired", (await app.RowAsync(unused)).GetString("State"));

        await RunningApp.EventuallyAsync(async () => await HasRowAsync("uploads", id, "upload") ? null : "removed");
        await RunningApp.EventuallyAsync(async () => await HasRowAsync("uploads", unused, "upload") ? null : "removed");
        await RunningApp.EventuallyAsync(async () => await HasRowAsync("webhookdeliveries", id + ".verified", "main") ? null : "removed");
        Assert.Equal((HttpStatusCode.NotFound, "event_not_found"), await app.RefusalAsync($"/api/events/{id}.verified/redeliver", new { }));

        // The callback once more, for what may be stored now.
        Assert.True(CallbackParameter.TryParse(put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        var stored = await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }), null, callback);
        Assert.Contains("Error status : 403.", stored.CallbackError?.Message, StringComparison.Ordinal);
        Assert.False(await HasRowAsync("uploads", id, "upload"));
        Assert.Single(app.Events(id));
    }

    [Fact]
    public async Task An_upload_that_was_not_told_is_not_removed()
    {
        var id = Guid.NewGuid().ToString("N");
        var table = app.Table("uploads");
        await table.CreateIfNotExistsAsync();
        await table.AddEntityAsync(new TableEntity(id, "upload") { ["EventSent"] = false });
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Now);
        var removals = new Removals(new StorageAccount(Options.Create(new StorageOptions { ConnectionString = app.Stack.StorageConnectionString })), clock);
        var removal = Retention(30).Of(Upload with { UploadId = id }, null, Now, Now);
        clock.Advance(TimeSpan.FromDays(31));
        removal = Assert.IsType<Removal>(await removals.RemoveAsync(removal, default));
        Assert.True(await HasRowAsync("uploads", id, "upload"));
        await table.UpdateEntityAsync(new TableEntity(id, "upload") { ["EventSent"] = true }, Azure.ETag.All);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await removals.RemoveAsync(removal, default));
        Assert.False(await HasRowAsync("uploads", id, "upload"));
    }

    [Theory]
    [InlineData(14, 0, 30, 30)]
    [InlineData(0, 3, 30, 30)]
    [InlineData(14, 0, 1, 14)]
    public void A_record_outlives_its_grant_and_the_look_of_the_ledger_and_any_other_grant_for_the_upload(int expiresInDays, int verifiedAfterDays, int retention, int least)
    {
        var expires = Now.AddDays(expiresInDays);
        var verifiedAt = Now.AddDays(verifiedAfterDays);
        var record = Assert.Single(Retention(retention).Of(Upload, null, expires, verifiedAt).Rows);
        Assert.Equal(("uploads", "id-1", null, "EventSent"), (record.Table, record.Partition, record.Row, record.Settled));
        var days = TimeSpan.FromDays(least);
        var graced = expires + new LedgerOptions().Grace;
        Assert.Equal((graced > verifiedAt ? graced : verifiedAt) + days, record.Due);
    }

    [Fact]
    public void An_object_stays_taken_as_long_as_any_other_grant_for_its_key_could_find_it()
    {
        // The upload's own grant was short; another, lent in the moment before, is as long as can be.
        var rows = Retention(30).Of(Upload, Now, Now.AddMinutes(1), Now).Rows;
        Assert.Equal(["uploads", "uploadobjects"], rows.Select(row => row.Table));
        Assert.Equal(Now.AddDays(28 + 30) + new LedgerOptions().Grace, rows[1].Due);
        Assert.True(Retention(30).Of(Upload, Now, Now.AddDays(14), Now.AddDays(40)).Rows is [var record, var taken] && taken.Due >= record.Due);
    }

    private static UploadRetention Retention(int days) =>
        new(null!, Options.Create(new RetentionOptions { Records = TimeSpan.FromDays(days) }), Options.Create(new LedgerOptions()));

    private async Task<bool> HasRowAsync(string table, string partition, string row)
    {
        var client = app.Table(table);
        await client.CreateIfNotExistsAsync();
        return (await client.GetEntityIfExistsAsync<TableEntity>(partition, row)).HasValue;
    }
}
