using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OssCallbackFunctions.Grants;
using Sandbox;

namespace OssCallbackFunctions.Tests;

/// <summary>The app while nobody answers for the storage account, nor for OSS.</summary>
public sealed class StorageDownTests : IAsyncLifetime
{
    private const string KeyUrl = "http://127.0.0.1/key.pem";
    private const string FunctionKey = "function-key";

    private readonly RSA _oss = RSA.Create(2048);
    private readonly HttpClient _http = new();
    private readonly string _url;
    private readonly IHost _app;

    public StorageDownTests()
    {
        var ports = Ports.Free(2);
        _url = $"http://127.0.0.1:{ports[0]}";
        var nowhere = $"http://127.0.0.1:{ports[1]}";
        _app = HostedApp.Build(
            new Dictionary<string, string>
            {
                ["AzureWebJobsStorage"] = $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;QueueEndpoint={nowhere}/a;TableEndpoint={nowhere}/a",
                ["OSS_ACCESS_KEY_ID"] = "id",
                ["OSS_ACCESS_KEY_SECRET"] = "secret",
                ["Oss__Region"] = "cn-hangzhou",
                ["Oss__Endpoint"] = nowhere,
                ["Oss__Bucket"] = "examplebucket",
                ["Callbacks__PublicBaseUrl"] = _url,
                ["Callbacks__TestKeyUrl"] = KeyUrl,
                ["Callbacks__TestKeyPem"] = _oss.ExportSubjectPublicKeyInfoPem(),
                ["Grants__Secret"] = Convert.ToBase64String(new byte[32]),
                ["LocalWorker__FunctionKey"] = FunctionKey,
            },
            _url, ["PresignedPut", "FormPost", "UploadCallback"]);
        _http.DefaultRequestHeaders.Add("x-functions-key", FunctionKey);
    }

    public async ValueTask InitializeAsync() => await _app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        _app.Dispose();
        _http.Dispose();
        _oss.Dispose();
    }

    [Theory]
    [InlineData("presigned-put")]
    [InlineData("form-post")]
    public async Task Lends_nothing_that_it_could_not_settle(string kind)
    {
        using var response = await _http.PostAsJsonAsync($"{_url}/api/uploads/{kind}", new { key = "k" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("unavailable", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Does_not_answer_pending_when_nothing_can_be_left_in_the_ledger()
    {
        var address = _app.Services.GetRequiredService<CallbackAddress>();
        var grant = new UploadGrant("id-1", "default", "", DateTimeOffset.UtcNow.AddHours(1));
        var url = address.For(grant, "examplebucket", "k").Urls.Single();
        var body = """{"bucket":"examplebucket","object":"k","etag":"E","size":1}"""u8.ToArray();
        using var request = SignedCallback.Of(new Uri(url), body, _oss, KeyUrl);
        using var response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("unavailable", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }
}
