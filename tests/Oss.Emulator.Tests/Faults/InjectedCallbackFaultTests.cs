using Oss.Emulator.Faults;
using Oss.Emulator.Tests.Forms;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Faults;

public sealed class InjectedCallbackFaultTests
{
    private const string Bucket = TestOss.BucketName;

    private static async Task<(StoredObject Stored, IReadOnlyList<CallbackCall> Calls, string Key)> PutAsync(params FaultEffect[] effects)
    {
        await using var server = await CallbackServer.StartAsync();
        await using var oss = await TestOss.StartAsync();
        foreach (var effect in effects)
        {
            oss.Emulator.Faults.Add(new Fault { Effect = effect });
        }

        // Not asking to be called back, it is no match.
        await oss.Client.PutObjectAsync(Bucket, "other", UploadBody.From(new byte[] { 1 }));
        var stored = await oss.Client.PutObjectAsync(Bucket, "k", UploadBody.From(new byte[] { 1 }), callback: new CallbackParameter { Urls = [server.Url + "/c"], Body = "key=${object}" });
        Assert.NotNull(await oss.Client.HeadObjectAsync(Bucket, "k"));
        Assert.Empty(oss.Emulator.Requests[0].Faults);
        Assert.Equal(effects.Select(effect => effect.Kind), oss.Emulator.Requests[1].Faults);
        return (stored, server.Calls, oss.Emulator.CallbackPublicKeyPem);
    }

    [Fact]
    public async Task A_dropped_callback_fails_the_uploader_or_nobody()
    {
        var unreachable = await PutAsync(new DropCallbackEffect());
        var timeout = await PutAsync(new DropCallbackEffect { Answer = DroppedCallback.Timeout });
        var unnoticed = await PutAsync(new DropCallbackEffect { Answer = DroppedCallback.Success });

        Assert.Contains("can not connect", unreachable.Stored.CallbackError!.Message, StringComparison.Ordinal);
        Assert.Contains("timeout", timeout.Stored.CallbackError!.Message, StringComparison.Ordinal);
        Assert.Null(unnoticed.Stored.CallbackError);
        Assert.Empty(unreachable.Calls.Concat(timeout.Calls).Concat(unnoticed.Calls));
    }

    [Fact]
    public async Task Callbacks_come_twice_forged_or_altered()
    {
        var doubled = await PutAsync(new DoubleCallbackEffect());
        var forged = await PutAsync(new ForgeCallbackEffect());
        var altered = await PutAsync(new AlterCallbackEffect());
        var both = await PutAsync(new DoubleCallbackEffect(), new AlterCallbackEffect());

        Assert.Equal(["key=k", "key=k"], doubled.Calls.Select(call => call.Text));
        Assert.All(doubled.Calls, call => Assert.True(call.IsSignedBy(doubled.Key)));
        Assert.Equal("key=k", forged.Calls.Single().Text);
        Assert.False(forged.Calls.Single().IsSignedBy(forged.Key));
        Assert.NotEqual("key=k", altered.Calls.Single().Text);
        Assert.False(altered.Calls.Single().IsSignedBy(altered.Key));
        Assert.Equal(2, both.Calls.Count);
    }

    [Fact]
    public async Task A_forms_callback_is_met_as_well()
    {
        await using var server = await CallbackServer.StartAsync();
        await using var oss = await TestOss.StartAsync();
        oss.Emulator.Faults.Add(new Fault { Operation = "PostObject", KeyPrefix = "k", Effect = new DropCallbackEffect { Answer = DroppedCallback.Success } });
        var callback = new CallbackParameter { Urls = [server.Url + "/c"], Body = "key=${object}" }.ToBase64();
        var form = TestForm.Sign(oss, fields: [("key", "k"), ("callback", callback)]);

        using var response = await TestForm.PostAsync(oss, TestForm.Body(form.Fields, [1]));

        Assert.True(response.IsSuccessStatusCode);
        Assert.Empty(server.Calls);
        Assert.Equal(["dropCallback"], oss.Emulator.Requests.Single().Faults);
    }
}
