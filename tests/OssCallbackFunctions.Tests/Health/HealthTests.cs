using System.Net;
using System.Text.Json;
using OssCallbackFunctions.Health;
using OssCallbackFunctions.Tests.BulkUploads;

namespace OssCallbackFunctions.Tests.Health;

public sealed class HealthTests(RunningApp app)
{
    [Fact]
    public async Task Tells_anybody_that_it_is_healthy_and_nothing_else()
    {
        using var answer = await app.Outside.GetAsync($"{app.Stack.App.Url}/api/health");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"status":"healthy","ossKey":"Key"}""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Is_not_healthy_without_a_key_for_OSS_nor_when_the_storage_account_does_not_answer()
    {
        const string Nobody = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;BlobEndpoint=http://127.0.0.1:1/a";
        await using (var lost = new Engine(app, ("AzureWebJobsStorage", Nobody)))
        {
            Assert.Equal("unhealthy", (await lost.Get<HealthProbe>().LookAsync(default)).Status);
        }

        var token = Path.GetTempFileName();
        await using var keyless = new Engine(
            app, ("OSS_ACCESS_KEY_ID", ""), ("OSS_ACCESS_KEY_SECRET", ""), ("Oss__RoleArn", "acs:ram::1234567890123456:role/app"), ("Oss__OidcProviderArn", "acs:ram::1234567890123456:oidc-provider/p"),
            ("Oss__OidcTokenFile", token));
        Assert.Equal("unhealthy", (await keyless.Get<HealthProbe>().LookAsync(default)).Status);
        File.Delete(token);
    }

    [Fact]
    public async Task Asks_the_storage_account_once_however_many_ask()
    {
        await using var engine = new Engine(app);
        using var calls = new StorageCalls(app.Stack.StorageConnectionString);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => engine.Get<HealthProbe>().LookAsync(default)));
        Assert.InRange(calls.Count, 1, 2);
    }

    [Fact]
    public async Task The_doctor_examines_for_administrators_alone()
    {
        using var refused = await app.Http.GetAsync("/api/doctor");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"{app.Stack.App.Url}/api/doctor") { Headers = { { "x-functions-key", app.MasterKey } } };
        using var answer = await app.Outside.SendAsync(asked);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        var findings = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("findings").EnumerateArray().ToList();
        Assert.Contains(findings, finding => finding.GetProperty("check").GetString() == "oss_rights" && finding.GetProperty("state").GetString() == "Ok");
        Assert.All(findings, finding => Assert.Equal(finding.GetProperty("state").GetString() != "Ok", finding.TryGetProperty("fix", out _)));
        Assert.All([app.Stack.AccessKey.Secret, app.GrantsSecret, app.Stack.FunctionKey, "AccountKey"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }
}
