using System.Net;
using Oss.Emulator.Faults;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>s13, s14: what a secret of ours, or a credential that was lent, is told to: to who asks for it with the right to, to no cache, and to no log.</summary>
public sealed class SecretsTests(RunningApp app)
{
    private readonly Attacker _attacker = new(app);

    [Fact]
    [Trait("hole", "s14")]
    public async Task No_secret_signature_policy_token_or_lent_URL_is_in_the_log()
    {
        var secrets = new List<string> { app.Stack.AccessKey.Secret, app.Stack.FunctionKey, app.GrantsSecret, LentSecrets.StorageKeyOf(app), "shop's key", "Signature=", "x-oss-signature", "x-oss-credential", "Authorization" };
        var put = await _attacker.LendAsync();
        Attacker.IsVerified((await app.PutAsync(put.Put, [1])).Body);
        secrets.AddRange(LentSecrets.Of(put));

        var form = await app.FormAsync(new { key = RunningApp.NewKey() });
        Attacker.IsVerified((await app.SendFormAsync(form, [1])).Body);
        secrets.AddRange(((string[])["policy", "x-oss-signature", "callback"]).Select(name => form.GetProperty("fields").GetProperty(name).GetString()!));
        var policy = await app.Client.PostAsync("/api/uploads/form-policy", new { profile = "samples", fileName = "a.bin" }, default);
        secrets.AddRange([policy.GetProperty("policy").GetString()!, policy.GetProperty("signature").GetString()!]);

        var (client, key, uploadId, ofSession) = await LentSecrets.OfSessionAsync(app);
        secrets.AddRange(ofSession);

        // What goes wrong is logged with its reason: none of these has a secret in it.
        await client.RefusedAsync(HttpMethod.Get, SessionClient.Path(uploadId + "x", key));
        Assert.Equal((HttpStatusCode.Unauthorized, "caller_unknown"), await app.RefusalAsync("/api/uploads", new { key }, ("x-caller-key", "guessed-caller-key")));
        secrets.Add("guessed-caller-key");
        var broken = await _attacker.LendAsync();
        app.Stack.Oss.Faults.Add(new Fault("InitiateMultipartUpload") { KeyPrefix = broken.Key, Effect = ErrorEffect.Of(Oss.Protocol.OssErrorCode.InternalError) });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), await app.RefusalAsync("/api/uploads", new { broken.Key, kind = "multipart", size = 1 }));
        Attacker.IsRefused(await _attacker.CallAsync(broken.Url, "{}", request =>
        {
            secrets.Add(request.Headers.GetValues("Authorization").Single());
        }));
        secrets.Add(LentSecrets.GrantOf(broken));

        // The last refusal is the last that is written: then all before it is.
        var last = await _attacker.LendAsync();
        Attacker.IsVerified((await app.PutAsync(last.Put, [1])).Body);
        var log = await RunningApp.EventuallyAsync(async () => await app.LogAsync() is var text && text.Contains(last.Id, StringComparison.Ordinal) ? text : null);
        Assert.Contains($"Upload {put.Id} Verified", log, StringComparison.Ordinal);
        Assert.Contains("Callback refused: BodyRefused", log, StringComparison.Ordinal);
        Assert.Contains("UploadSession: OSS or the storage account failed", log, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.True(secret.Length > 7 && !log.Contains(secret, StringComparison.Ordinal), $"The log has {secret}."));
    }

    [Fact]
    [Trait("hole", "s13")]
    public async Task No_answer_has_the_secret_of_the_AccessKey_and_none_may_be_kept_by_a_cache()
    {
        var key = RunningApp.NewKey();
        (string Path, string Body, int Status)[] asked =
        [
            ("/api/uploads/presigned-put", $$"""{"key":"{{key}}"}""", 200), ("/api/uploads/form-post", $$"""{"key":"{{key}}"}""", 200), ("/api/uploads/form-policy", """{"profile":"samples","fileName":"a.bin"}""", 200),
            ("/api/uploads", $$"""{"key":"{{key}}","kind":"put"}""", 200), ("/api/uploads", $$"""{"key":"{{key}}","kind":"form"}""", 200), ("/api/uploads", $$"""{"key":"{{key}}","kind":"multipart","size":1}""", 200),
            ("/api/uploads", """{"profile":"files","subject":"u","fileName":"a.bin","kind":"sts"}""", 200), ("/api/uploads", """{"profile":"files","subject":"u","kind":"session"}""", 200),
            ("/api/uploads/presigned-put", "{", 400), ("/api/uploads", """{"kind":"sts","key":"x"}""", 400),
        ];
        foreach (var (path, body, status) in asked)
        {
            using var response = await app.Http.PostAsync(path, new StringContent(body));
            await IsForTheAskerAloneAsync(response, status);
        }

        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject = "u" });
        var (begun, uploadId) = await client.BeginAsync();
        foreach (var path in (string[])["/s3/params?filename=a.bin", SessionClient.Path(uploadId, begun), SessionClient.Path(uploadId, begun, "/1"), SessionClient.Path(uploadId, begun, "/batch") + "&partNumbers=1"])
        {
            using var response = await app.Outside.GetAsync(RunningApp.Raw(client.Endpoint + path));
            await IsForTheAskerAloneAsync(response, 200);
        }
    }

    private async Task IsForTheAskerAloneAsync(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, text);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        foreach (var secret in (string[])[app.Stack.AccessKey.Secret, app.GrantsSecret, app.Stack.FunctionKey, LentSecrets.StorageKeyOf(app)])
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }
}
