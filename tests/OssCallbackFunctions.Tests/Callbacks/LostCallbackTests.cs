using System.Net;
using System.Text.Json;
using Oss.Emulator.Faults;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>An app whose grants are over soon.</summary>
public sealed class ShortLivedApp : RunningApp
{
    protected override Dictionary<string, string> Settings => new()
    {
        ["Uploads__Lifetime"] = "00:00:10",
        ["Uploads__MaxUploadTime"] = "00:00:05",
        ["Ledger__Grace"] = "00:00:01",
    };
}

/// <summary>What becomes of uploads that OSS does not call back for, or not once: by the clock, from lending to the event.</summary>
public sealed class LostCallbackTests(ShortLivedApp app) : IClassFixture<ShortLivedApp>
{
    [Fact]
    public async Task Every_stored_object_is_told_of_under_one_id_and_what_was_not_stored_is_expired()
    {
        var dropped = await LendAsync("dropped.bin", new DropCallbackEffect { Answer = DroppedCallback.Success });
        var late = await LendAsync("late.bin", new DelayCallbackEffect { Duration = TimeSpan.FromSeconds(6) });
        var doubled = await LendAsync("doubled.bin", new DoubleCallbackEffect());
        var good = await LendAsync("good.bin", null);
        var unused = await LendAsync("中文 a+b/../%.bin", null);
        var twin = await app.PresignAsync(new { key = dropped.Key, callback = "header", subject = "用户 7" });

        var slow = app.PutAsync(late.Put, "late"u8.ToArray());
        var (status, body) = await app.PutAsync(dropped.Put, "dropped"u8.ToArray());
        Assert.Equal((HttpStatusCode.OK, ""), (status, body));
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(doubled.Put, "doubled"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(good.Put, "good"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.NonAuthoritativeInformation, (await slow).Status);

        // The credential was asked for twice and used once: the object belongs to one of the two, and is told once.
        var ids = new[] { dropped.Id, twin.GetProperty("id").GetString()! };
        var rows = await Task.WhenAll(ids.Select(app.RowAsync));
        Assert.Equal(["Expired", "Verified"], rows.Select(row => row.GetString("State")).Order());
        var id = rows.Single(row => row.GetString("State") == "Verified").PartitionKey;
        await app.EventsOfAsync(id);
        var found = Assert.Single(ids.SelectMany(app.Events));
        Assert.Equal(id + ".verified", found.GetProperty("id").GetString());
        var data = found.GetProperty("data");
        Assert.True(data.GetProperty("foundWithoutCallback").GetBoolean());
        Assert.Equal(dropped.Key, data.GetProperty("key").GetString());
        Assert.Equal(7, data.GetProperty("size").GetInt64());
        Assert.Equal(Crc64.ToText(Crc64.Compute("dropped"u8)), data.GetProperty("crc64").GetString());
        Assert.Equal("用户 7", data.GetProperty("subject").GetString());
        Assert.False(data.TryGetProperty("operation", out _));

        foreach (var lent in new[] { late, doubled, good })
        {
            await app.EventsOfAsync(lent.Id);
            Assert.Equal([lent.Id + ".verified"], app.Events(lent.Id).Select(told => told.GetProperty("id").GetString()).Distinct());
            Assert.False(app.Events(lent.Id)[0].GetProperty("data").TryGetProperty("foundWithoutCallback", out _));
        }

        var row = await app.RowAsync(unused.Id);
        Assert.Equal("Expired", row.GetString("State"));
        Assert.Equal(unused.Key, row.GetString("Key"));
        Assert.Empty(app.Events(unused.Id));

        // What comes now is too late.
        var url = CallbackParameter.TryParse(unused.Put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _) ? callback.Urls[0] : "";
        var stored = await app.Oss.PutObjectAsync(
            Stack.Bucket, unused.Key, UploadBody.From("x"u8.ToArray()), null, new CallbackParameter { Urls = [url], Body = callback!.Body, BodyType = CallbackBodyType.Json });
        Assert.Contains("Error status : 403.", stored.CallbackError?.Message, StringComparison.Ordinal);
        Assert.Empty(app.Events(unused.Id));
    }

    private async Task<(string Id, string Key, JsonElement Put)> LendAsync(string name, FaultEffect? effect)
    {
        var key = RunningApp.NewKey(name);
        if (effect is not null)
        {
            app.Stack.Oss.Faults.Add(new Fault("PutObject") { KeyPrefix = key, Effect = effect });
        }

        var put = await app.PresignAsync(new { key, callback = "header", subject = "用户 7" });
        return (put.GetProperty("id").GetString()!, key, put);
    }
}
