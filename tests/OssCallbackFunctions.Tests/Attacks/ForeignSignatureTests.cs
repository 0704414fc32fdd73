using System.Net;
using System.Security.Cryptography;
using Oss.Emulator.Faults;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>
/// s1: OSS signs for all its customers with one key. Another customer uploads to his own bucket, with our callback URL and a body that names an object in ours: the signature is genuine.
/// </summary>
[Trait("hole", "s1")]
public sealed class ForeignSignatureTests(RunningApp app)
{
    private readonly Attacker _attacker = new(app);

    [Fact]
    public async Task A_genuine_signature_over_our_bucket_without_a_grant_is_refused()
    {
        var key = RunningApp.NewKey();
        var body = Attacker.HonestBody(key, await _attacker.StoreAsync(key, "x"), 1);
        var random = Convert.ToHexString(RandomNumberGenerator.GetBytes(80));
        foreach (var grant in (string[])["x", random, "AAAA%0A", "", "%20", "~", "%E4%B8%AD", "a/b"])
        {
            Attacker.IsRefused(await _attacker.HaveOssCallAsync($"{app.Stack.App.Url}/api/callbacks/oss/{grant}", body));
        }

        await _attacker.NobodyIsToldOfAsync(key);
    }

    [Fact]
    public async Task A_genuine_signature_with_the_grant_of_another_upload_is_refused()
    {
        var (victim, own) = (RunningApp.NewKey(), await _attacker.LendAsync());
        var body = Attacker.HonestBody(victim, await _attacker.StoreAsync(victim, "x"), 1);
        Attacker.IsRefused(await _attacker.HaveOssCallAsync(own.Url, body));
        await _attacker.NobodyIsToldOfAsync(victim, own.Id);
    }

    [Fact]
    public async Task A_genuine_signature_with_the_right_grant_is_believed_only_of_the_object_that_is_there()
    {
        var lent = await _attacker.LendAsync();
        var stored = await _attacker.StoreAsync(lent.Key, "truth");
        var honest = Attacker.HonestBody(lent.Key, stored, 5);
        var (etag, crc64) = (stored.ETag.Trim('"'), Crc64.ToText(stored.Crc64!.Value));
        (string From, string To)[] lies =
        [
            ("\"size\":5", "\"size\":6"), ("\"size\":5", "\"size\":0"), (etag, new string('0', 32)), (etag, etag.ToLowerInvariant()), (crc64, "1"),
            (Stack.Bucket, Attacker.OwnBucket), (Stack.Bucket, ""), (lent.Key, RunningApp.NewKey()), (lent.Key, lent.Key + "/"), (lent.Key, lent.Key.ToUpperInvariant()),
        ];
        foreach (var (from, to) in lies)
        {
            Attacker.IsRefused(await _attacker.HaveOssCallAsync(lent.Url, honest.Replace(from, to, StringComparison.Ordinal)));
        }

        await _attacker.NobodyIsToldOfAsync(lent.Key, lent.Id);

        // With no lie in it the same call is believed: the object is there, and the grant is for it.
        Attacker.IsVerified((await _attacker.HaveOssCallAsync(lent.Url, honest)).CallbackReply);
        Assert.Equal(lent.Key, Assert.Single(await app.EventsOfAsync(lent.Id)).GetProperty("subject").GetString());
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_not_told_of()
    {
        var lent = await _attacker.LendAsync();
        var elsewhere = await _attacker.StoreAsync(RunningApp.NewKey(), "x");
        Attacker.IsRefused(await _attacker.HaveOssCallAsync(lent.Url, Attacker.HonestBody(lent.Key, elsewhere, 1)));
        await _attacker.NobodyIsToldOfAsync(lent.Key, lent.Id);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(lent.Put, [1])).Status);
        await app.EventsOfAsync(lent.Id);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(150)]
    [InlineData(60_000)]
    public async Task An_ETag_that_none_of_OSSs_can_be_does_not_get_into_the_ledgers_queue(int length)
    {
        // While OSS shows nothing, what a callback says is left in the ledger until it does.
        var lent = await _attacker.LendAsync();
        var stored = await _attacker.StoreAsync(lent.Key, "x");
        app.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = lent.Key, Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(3) } });
        var honest = Attacker.HonestBody(lent.Key, stored, 1);
        var absurd = honest.Replace(stored.ETag.Trim('"'), new string('A', length), StringComparison.Ordinal);
        Attacker.IsRefused(await _attacker.CallAsync(lent.Url, absurd));
        if (length < 1000)
        {
            Attacker.IsRefused(await _attacker.HaveOssCallAsync(lent.Url, absurd));
        }

        // The one look that fails was not used up: nothing was looked at.
        Assert.DoesNotContain(app.Stack.Oss.Requests, request => request.Operation == "HeadObject" && request.Key == lent.Key);
        Assert.Contains("\"pending\"", (await _attacker.HaveOssCallAsync(lent.Url, honest)).CallbackReply, StringComparison.Ordinal);
        await app.EventsOfAsync(lent.Id);
    }

    [Fact]
    public async Task A_grant_works_for_no_other_route_and_no_other_seal_for_the_callback()
    {
        var key = RunningApp.NewKey();
        var body = Attacker.HonestBody(key, await _attacker.StoreAsync(key, "x"), 1);
        var lent = await app.Client.PostAsync("/api/uploads", new { key, size = 1 }, default);
        var session = lent.GetProperty("endpoint").GetString()!;
        var token = session[(session.LastIndexOf('/') + 1)..];
        foreach (var seal in (string[])[token, lent.GetProperty("id").GetString()!, token + lent.GetProperty("id").GetString()])
        {
            Attacker.IsRefused(await _attacker.HaveOssCallAsync($"{app.Stack.App.Url}/api/callbacks/oss/{seal}", body));
        }

        await _attacker.NobodyIsToldOfAsync(key, lent.GetProperty("id").GetString());
    }
}
