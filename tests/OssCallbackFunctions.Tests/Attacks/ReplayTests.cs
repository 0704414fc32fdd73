using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>
/// s15: a callback of OSS's has neither time nor nonce in what is signed, and not the host: the attacker has OSS call his own server by the path that our app has, and sends what he got
/// as often as he likes.
/// </summary>
[Trait("hole", "s15")]
public sealed class ReplayTests(ReplayTests.TwentySeconds app) : IClassFixture<ReplayTests.TwentySeconds>
{
    private readonly Attacker _attacker = new(app);

    [Fact]
    public async Task A_captured_callback_is_told_once_and_refused_when_its_grant_is_over()
    {
        var lent = await _attacker.LendAsync();
        var unused = await _attacker.LendAsync();
        var captured = await CaptureAsync(lent);
        Assert.Empty(app.Events(lent.Id));
        for (var i = 0; i < 3; i++)
        {
            Attacker.IsVerified((await SendAsync(lent.Url, captured)).Text);
        }

        // With anything changed it is no callback of OSS's.
        var other = lent.Url[..^1] + (lent.Url[^1] == 'A' ? 'B' : 'A');
        foreach (var (url, body) in ((string, byte[])[])
            [(unused.Url, captured.Body), (other, captured.Body), (lent.Url + "?x=1", captured.Body), (lent.Url + "/", captured.Body), (lent.Url, [.. captured.Body, (byte)' ']), (lent.Url, []), (unused.Url, [])])
        {
            Attacker.IsRefused(await SendAsync(url, captured with { Body = body }));
        }

        // Nor does it tell of another object that comes to its key: the answer is the first one's, and nobody looks at the object again.
        await app.Oss.DeleteObjectAsync(Stack.Bucket, lent.Key);
        Attacker.IsVerified((await SendAsync(lent.Url, captured)).Text);
        await _attacker.StoreAsync(lent.Key, "another object");
        Attacker.IsVerified((await SendAsync(lent.Url, captured)).Text);
        Assert.Single(app.Stack.Oss.Requests, request => request.Operation == "HeadObject" && request.Key == lent.Key);

        await RunningApp.EventuallyAsync(async () =>
        {
            var answer = await SendAsync(lent.Url, captured);
            Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Forbidden]);
            return answer.Status == HttpStatusCode.Forbidden ? answer : null;
        });
        Attacker.IsRefused(await SendAsync(lent.Url, captured));
        Assert.Equal("Verified", (await app.RowAsync(lent.Id)).GetString("State"));
        await app.EventsOfAsync(lent.Id);
        await _attacker.NobodyIsToldOfAsync(unused.Key);
        Assert.Single(app.Events(lent.Id));
    }

    [Fact]
    [Trait("hole", "s1")]
    public async Task The_grant_of_an_upload_that_expired_tells_of_nothing_however_genuine_the_signature()
    {
        var lent = await _attacker.LendAsync();
        Assert.Equal("Expired", (await app.RowAsync(lent.Id)).GetString("State"));
        var body = Attacker.HonestBody(lent.Key, await _attacker.StoreAsync(lent.Key, "late"), 4);
        Attacker.IsRefused(await _attacker.HaveOssCallAsync(lent.Url, body));
        Attacker.IsRefused(await _attacker.CallAsync(lent.Url, body));
        Assert.Equal(HttpStatusCode.Forbidden, (await app.PutAsync(lent.Put, [1])).Status);
        Assert.Equal("Expired", (await app.RowAsync(lent.Id)).GetString("State"));
        await _attacker.NobodyIsToldOfAsync(lent.Key);

        var honest = await _attacker.LendAsync();
        Attacker.IsVerified((await _attacker.HaveOssCallAsync(honest.Url, Attacker.HonestBody(honest.Key, await _attacker.StoreAsync(honest.Key, "soon"), 4))).CallbackReply);
    }

    // Uploads as it was lent, but for the host that OSS calls.
    private async Task<Captured> CaptureAsync(Loot lent)
    {
        Captured? captured = null;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        await using var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            captured = new Captured(body.ToArray(), http.Request.Headers.Authorization.ToString(), http.Request.Headers["x-oss-pub-key-url"].ToString());
            http.Response.ContentLength = 2;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("{}");
        });
        await server.StartAsync();
        var url = lent.Url.Replace(app.Stack.App.Url, server.Urls.Single(), StringComparison.Ordinal);
        var stored = await app.Oss.PutObjectAsync(
            Stack.Bucket, lent.Key, UploadBody.From("truth"u8.ToArray()), null, new CallbackParameter { Urls = [url], Body = lent.Callback.Body, BodyType = CallbackBodyType.Json });
        Assert.Equal("{}", stored.CallbackReply);
        Assert.Contains(lent.Key, Encoding.UTF8.GetString(captured!.Body), StringComparison.Ordinal);
        return captured;
    }

    private async Task<Answer> SendAsync(string url, Captured captured)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, RunningApp.Raw(url)) { Content = new ByteArrayContent(captured.Body) };
        request.Headers.TryAddWithoutValidation("Authorization", captured.Authorization);
        request.Headers.Add("x-oss-pub-key-url", captured.KeyUrl);
        return await _attacker.SendAsync(request);
    }

    /// <summary>An app whose grants are over after 20 seconds.</summary>
    public sealed class TwentySeconds : RunningApp
    {
        protected override Dictionary<string, string> Settings => new() { ["Uploads__Lifetime"] = "00:00:15", ["Uploads__MaxUploadTime"] = "00:00:05", ["Ledger__Grace"] = "00:00:01" };
    }

    private sealed record Captured(byte[] Body, string Authorization, string KeyUrl);
}
