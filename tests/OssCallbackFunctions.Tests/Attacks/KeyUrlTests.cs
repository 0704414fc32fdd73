using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Oss.Protocol;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>s2: the attacker signs with a key of his own, and names a URL where it can be had: the app believes no such key, and asks nobody for it.</summary>
[Trait("hole", "s2")]
public sealed class KeyUrlTests(RunningApp app) : IAsyncLifetime
{
    private readonly Attacker _attacker = new(app);
    private readonly RSA _key = RSA.Create(2048);
    private WebApplication _host = null!;
    private int _visits;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        _host = builder.Build();
        _host.Urls.Add("http://127.0.0.1:0");
        _host.Run(http =>
        {
            Interlocked.Increment(ref _visits);
            return http.Response.WriteAsync(_key.ExportSubjectPublicKeyInfoPem());
        });
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _key.Dispose();
    }

    [Theory]
    [InlineData("http://HOST/callback_pub_key_v1.pem")]
    [InlineData("http://HOST/callback_pub_key_v2.pem")]
    [InlineData("http://gosspublic.alicdn.com@HOST/callback_pub_key_v1.pem")]
    [InlineData("https://gosspublic.alicdn.com@HOST/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com%40HOST/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com:80@HOST/callback_pub_key_v1.pem")]
    [InlineData("http://HOST#@gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://HOST?@gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://HOST/?http://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://HOST\\@gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://HOST/\nhttp://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem\nhttp://HOST/")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem\0")]
    [InlineData(" http://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com.evil.test/callback_pub_key_v1.pem")]
    [InlineData("http://evil-gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com./callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic。alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com:8080/callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem?x=http://HOST/")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem#http://HOST/")]
    [InlineData("http://gosspublic.alicdn.com/../callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com/a/../callback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com/%63allback_pub_key_v1.pem")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v12345.pem")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v-1.pem")]
    [InlineData("http://gosspublic.alicdn.com/other.pem")]
    [InlineData("ftp://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://169.254.169.254/callback_pub_key_v1.pem")]
    [InlineData("//gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("")]
    public async Task A_key_of_his_own_is_not_believed_whatever_URL_he_names(string keyUrl)
    {
        var lent = await _attacker.LendAsync();
        var body = Attacker.HonestBody(lent.Key, await _attacker.StoreAsync(lent.Key, "x"), 1);
        var named = keyUrl.Replace("HOST", new Uri(_host.Urls.Single()).Authority, StringComparison.Ordinal);
        Attacker.IsRefused(await CallAsync(lent, body, Attacker.Base64(named)));
        await IsHarmlessAsync(lent, body);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("aHR0cDovL2dvc3NwdWJsaWM")]
    [InlineData("http://gosspublic.alicdn.com/callback_pub_key_v1.pem")]
    [InlineData("/////w==")]
    public async Task A_header_that_names_no_URL_is_refused(string? header)
    {
        var lent = await _attacker.LendAsync();
        var body = Attacker.HonestBody(lent.Key, await _attacker.StoreAsync(lent.Key, "x"), 1);
        Attacker.IsRefused(await CallAsync(lent, body, header));
        await IsHarmlessAsync(lent, body);
    }

    [Fact]
    public async Task OSSs_URL_named_beside_his_own_does_not_help()
    {
        var lent = await _attacker.LendAsync();
        var body = Attacker.HonestBody(lent.Key, await _attacker.StoreAsync(lent.Key, "x"), 1);
        foreach (var (first, second) in ((string, string)[])[(_host.Urls.Single(), app.Stack.Oss.CallbackKeyUrl), (app.Stack.Oss.CallbackKeyUrl, _host.Urls.Single())])
        {
            Attacker.IsRefused(await CallAsync(lent, body, Attacker.Base64(first), Attacker.Base64(second)));
        }

        // His signature under the name of OSS's key, and of the emulator's.
        foreach (var url in (string[])["http://gosspublic.alicdn.com/callback_pub_key_v1.pem", "https://gosspublic.alicdn.com/callback_pub_key_v1.pem", app.Stack.Oss.CallbackKeyUrl])
        {
            Attacker.IsRefused(await CallAsync(lent, body, Attacker.Base64(url)));
        }

        await IsHarmlessAsync(lent, body);
    }

    private Task<Answer> CallAsync(Loot lent, string body, params string?[] keyUrls) => _attacker.CallAsync(lent.Url, body, request =>
    {
        request.Headers.Remove("Authorization");
        request.Headers.TryAddWithoutValidation("Authorization", CallbackSignature.Sign(new Uri(lent.Url).PathAndQuery, Encoding.UTF8.GetBytes(body), _key));
        request.Headers.Remove("x-oss-pub-key-url");
        foreach (var keyUrl in keyUrls.Where(keyUrl => keyUrl is not null))
        {
            request.Headers.TryAddWithoutValidation("x-oss-pub-key-url", keyUrl);
        }
    });

    // The same body with OSS's signature is believed, so that it was the key that was refused.
    private async Task IsHarmlessAsync(Loot lent, string body)
    {
        Assert.Equal(0, _visits);
        Assert.Empty(app.Events(lent.Id));
        var answer = await _attacker.CallAsync(lent.Url, body);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Attacker.IsVerified(answer.Text);
    }
}
