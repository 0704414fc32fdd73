using System.Net;
using System.Text.Json;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>An app whose first two addresses refuse connections.</summary>
public sealed class FallbackApp : RunningApp
{
    private readonly int[] _ports = Ports.Free(2);

    protected override int? AppPort => _ports[0];

    protected override Dictionary<string, string> Settings => new()
    {
        ["Callbacks__PublicBaseUrl"] = $"http://127.0.0.1:{_ports[1]}/closed",
        ["Callbacks__FallbackBaseUrls"] = $"http://127.0.0.1:{_ports[1]};http://127.0.0.1:{_ports[0]}",
    };
}

/// <summary>What becomes of a callback whose first address does not answer.</summary>
public sealed class FallbackTests(FallbackApp app) : IClassFixture<FallbackApp>
{
    [Theory]
    [InlineData("query")]
    [InlineData("header")]
    public async Task OSS_reaches_the_app_by_the_next_address_when_the_first_refuses_connections(string callback)
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), callback });
        var (status, body) = await app.PutAsync(put, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal("verified", answer.RootElement.GetProperty("state").GetString());

        var id = put.GetProperty("id").GetString()!;
        await app.EventsOfAsync(id);
        var calls = app.Stack.Oss.Callbacks.Where(call => call.Key == put.GetProperty("key").GetString()).ToList();
        Assert.Equal([false, false, true], calls.Select(call => call.Succeeded));
    }

    [Fact]
    public async Task OSS_reaches_the_app_by_the_next_address_after_a_form()
    {
        var (status, body) = await app.SendFormAsync(await app.FormAsync(new { key = RunningApp.NewKey() }), [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"verified\"", body, StringComparison.Ordinal);
    }
}
