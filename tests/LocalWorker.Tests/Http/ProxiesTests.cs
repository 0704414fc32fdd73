using Microsoft.Extensions.Options;

namespace LocalWorker.Tests.Http;

public sealed class ProxiesTests
{
    private const string Forwarded = "X-Forwarded-Proto: https\r\nX-Forwarded-Host: files.example.com\r\nX-Forwarded-For: 203.0.113.9\r\n";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.0/8; 127.0.0.0/8")]
    public async Task Requests_of_a_proxy_that_is_named_have_the_URL_that_its_caller_used(string proxies)
    {
        await using var host = await WorkerHost.StartAsync(["ShowUrl"], new() { ["LocalWorker:Proxies"] = proxies });
        await RawHttp.SendAsync(host.Address, "GET /api/ShowUrl?a=1 HTTP/1.1", Forwarded);
        Assert.Equal("https://files.example.com/api/ShowUrl?a=1", ((Uri)(await host.Seen.NextAsync())!).OriginalString);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/8")]
    public async Task Nobody_else_is_believed(string proxies)
    {
        await using var host = await WorkerHost.StartAsync(["ShowUrl"], new() { ["LocalWorker:Proxies"] = proxies });
        await RawHttp.SendAsync(host.Address, "GET /api/ShowUrl?a=1 HTTP/1.1", Forwarded);
        Assert.Equal($"{host.Address.GetLeftPart(UriPartial.Authority)}/api/ShowUrl?a=1", ((Uri)(await host.Seen.NextAsync())!).OriginalString);
    }

    [Fact]
    public async Task What_is_no_address_stops_the_start_and_is_named() =>
        Assert.Contains("'gateway'", (await Assert.ThrowsAsync<OptionsValidationException>(() => WorkerHost.StartAsync(["ShowUrl"], new() { ["LocalWorker:Proxies"] = "gateway" }))).Message, StringComparison.Ordinal);
}
