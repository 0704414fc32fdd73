using System.Net;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>A lent presigned PUT with more, or less, than it was lent with: rights to read, a place to store, another object's content, or leave to replace one.</summary>
public sealed class AddedHeaderTests(RunningApp app)
{
    private readonly Attacker _attacker = new(app);

    [Theory]
    [Trait("hole", "s8")]
    [InlineData("x-oss-object-acl", "public-read")]
    [InlineData("X-OSS-Object-ACL", "public-read-write")]
    [InlineData("x-oss-storage-class", "Archive")]
    [InlineData("x-oss-tagging", "a=1")]
    [InlineData("x-oss-server-side-encryption", "KMS")]
    [InlineData("x-oss-server-side-encryption-key-id", "attackers")]
    [InlineData("x-oss-meta-owner", "admin")]
    [InlineData("x-oss-traffic-limit", "819200")]
    [InlineData("x-oss-security-token", "other")]
    [InlineData("?x-oss-object-acl", "public-read")]
    [InlineData("?acl", "")]
    [InlineData("?append", "")]
    [InlineData("?x-oss-process", "image/resize")]
    [InlineData("?response-content-type", "text/html")]
    public async Task No_header_of_OSSs_and_no_parameter_can_be_added(string name, string value)
    {
        var lent = await _attacker.LendAsync();
        await _attacker.PutIsRefusedAsync(lent, request => PutChanges.Add(request, name, value));
    }

    [Fact]
    [Trait("hole", "s9")]
    public async Task Anothers_object_is_not_replaced_and_the_header_that_forbids_it_cannot_be_stripped()
    {
        var lent = await _attacker.LendAsync();
        await _attacker.StoreAsync(lent.Key, "the victim's");
        foreach (var change in (Action<HttpRequestMessage>[])[
            request => request.Headers.Remove("x-oss-forbid-overwrite"),
            request => PutChanges.Set(request, "x-oss-forbid-overwrite", "false"),
            request => PutChanges.Set(request, "x-oss-forbid-overwrite", "TRUE"),
            request => PutChanges.Set(request, "x-oss-forbid-overwrite", ""),
            request => PutChanges.Add(request, "x-oss-forbid-overwrite", "false")])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await app.PutAsync(lent.Put, [1], change)).Status);
        }

        var (status, body) = await app.PutAsync(lent.Put, [1]);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("FileAlreadyExists", body, StringComparison.Ordinal);
        using var stored = await app.GetObjectAsync(lent.Key);
        Assert.Equal("the victim's", await stored.Content.ReadAsStringAsync());
        await _attacker.NobodyIsToldOfAsync(lent.Key, lent.Id);
    }

    [Fact]
    [Trait("hole", "s12")]
    public async Task A_lent_PUT_cannot_be_made_a_copy_of_another_object()
    {
        var secret = RunningApp.NewKey("secret.txt");
        await _attacker.StoreAsync(secret, "secret");
        foreach (var source in (string[])[$"/{Stack.Bucket}/{secret}", $"/{Attacker.OwnBucket}/x", secret])
        {
            var lent = await _attacker.LendAsync();
            await _attacker.PutIsRefusedAsync(lent, request =>
            {
                request.Content = PutChanges.Content(request, []);
                request.Headers.TryAddWithoutValidation("x-oss-copy-source", source);
            });
        }

        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject = "u" });
        var (key, uploadId) = await client.BeginAsync();
        var part = await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"));
        using var copy = new HttpRequestMessage(HttpMethod.Put, RunningApp.Raw(part.GetProperty("url").GetString()!)) { Headers = { { "x-oss-copy-source", $"/{Stack.Bucket}/{secret}" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await _attacker.SendAsync(copy)).Status);
        Assert.Empty((await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key))).EnumerateArray());
    }
}
