using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Oss.Protocol;
using OssCallbackFunctions.OssKeys;
using Sandbox;

namespace OssCallbackFunctions.Tests.OssKeys;

/// <summary>An app of its own for each test, with the storage account and the OSS of the others.</summary>
public sealed class OssKeyTests(RunningApp app) : IAsyncDisposable
{
    private const string Provider = "acs:ram::1234567890123456:oidc-provider/cluster";

    private readonly string _folder = Directory.CreateTempSubdirectory("oss-keys-").FullName;
    private readonly HttpClient _http = new();
    private IHost? _host;

    private string TokenFile => Path.Combine(_folder, "token");

    private OssKeySource Keys => _host!.Services.GetRequiredService<OssKeySource>();

    [Fact]
    public async Task Signs_with_keys_of_a_role_that_the_key_of_the_settings_assumes()
    {
        await StartAsync(("Oss__RoleArn", KeylessApp.Role), ("Oss__RoleSessionName", "app-1"));
        await UploadsAsync();
        Assert.Equal((OssKeyMode.AssumeRole, KeylessApp.Role, null), (Keys.Mode, Keys.Role, Keys.LastError));
        Assert.Equal(4, Keys.KeyIdEnding!.Length);
        Assert.InRange(Keys.Expires!.Value, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(1));
    }

    [Fact]
    public async Task Signs_with_keys_of_a_role_that_the_token_in_a_file_is_exchanged_for()
    {
        await File.WriteAllTextAsync(TokenFile, Jwt.Of("sts.aliyuncs.com", TimeSpan.FromHours(1)) + "\n");
        await StartAsync(
            ("OSS_ACCESS_KEY_ID", ""), ("OSS_ACCESS_KEY_SECRET", ""), ("ALIBABA_CLOUD_ROLE_ARN", KeylessApp.Role), ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", Provider),
            ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", TokenFile));
        await UploadsAsync();
        Assert.Equal(OssKeyMode.TokenFile, Keys.Mode);
    }

    [Fact]
    public async Task Lends_nothing_while_its_token_is_refused_and_says_why_and_goes_on_with_the_next_token()
    {
        var old = Jwt.Of("sts.aliyuncs.com", TimeSpan.FromMinutes(-1));
        await File.WriteAllTextAsync(TokenFile, old);
        await StartAsync(("OSS_ACCESS_KEY_ID", ""), ("OSS_ACCESS_KEY_SECRET", ""), ("Oss__RoleArn", KeylessApp.Role), ("Oss__OidcProviderArn", Provider), ("Oss__OidcTokenFile", TokenFile));

        foreach (var path in (string[])["presigned-put", "form-post"])
        {
            using var refused = await _http.PostAsJsonAsync($"/api/uploads/{path}", new { key = RunningApp.NewKey() });
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (refused.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Contains("no key for OSS", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        Assert.Contains("AuthenticationFail.OIDCToken.Expired", Keys.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain(old, Keys.LastError, StringComparison.Ordinal);
        Assert.Equal((null, null), (Keys.KeyIdEnding, Keys.Expires));

        await File.WriteAllTextAsync(TokenFile, Jwt.Of("sts.aliyuncs.com", TimeSpan.FromHours(1)));
        await RunningApp.EventuallyAsync(async () =>
        {
            using var reply = await _http.PostAsJsonAsync("/api/uploads/presigned-put", new { key = RunningApp.NewKey() });
            return reply.IsSuccessStatusCode ? "" : null;
        });
        await UploadsAsync();
        Assert.Null(Keys.LastError);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            _host.Dispose();
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // What it lends is told of by the app that OSS calls back, which has the same secret.
    private async Task UploadsAsync()
    {
        using var lent = await _http.PostAsJsonAsync("/api/uploads/presigned-put", new { key = RunningApp.NewKey() });
        var put = await lent.Content.ReadFromJsonAsync<JsonElement>();
        Assert.StartsWith("STS.", HttpUtility.ParseQueryString(new Uri(put.GetProperty("url").GetString()!).Query)["x-oss-credential"], StringComparison.Ordinal);
        var (status, body) = await app.PutAsync(put, "hello"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"verified\"", body, StringComparison.Ordinal);
        Assert.NotNull(await _host!.Services.GetRequiredService<OssClient>().HeadObjectAsync(Stack.Bucket, put.GetProperty("key").GetString()!));
    }

    private async Task StartAsync(params (string Name, string Value)[] settings)
    {
        var url = $"http://127.0.0.1:{Ports.Free(1)[0]}";
        _host = HostedApp.Build(app.Stack.Settings, url, ["PresignedPut", "FormPost"], [.. settings, ("Callbacks__PublicBaseUrl", app.Stack.App.Url)]);
        await _host.StartAsync();
        _http.BaseAddress = new Uri(url);
        _http.DefaultRequestHeaders.Add("x-functions-key", app.Stack.FunctionKey);
    }
}
