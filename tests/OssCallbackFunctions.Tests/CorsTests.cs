using System.Net;

namespace OssCallbackFunctions.Tests;

public sealed class CorsTests(RunningApp app)
{
    [Theory]
    [InlineData("/api/uploads")]
    [InlineData("/api/u/token/s3/multipart/id/complete")]
    public async Task Answers_the_preflight_of_an_allowed_page_without_a_key(string path)
    {
        using var response = await PreflightAsync(path, "https://www.example.com");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("https://www.example.com", Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("GET, POST, PATCH, DELETE", Header(response, "Access-Control-Allow-Methods"));
        Assert.Contains("x-functions-key", Header(response, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("Origin", Header(response, "Vary"));
        Assert.Null(Header(response, "Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://www.example.com.evil.com")]
    [InlineData("http://www.example.com")]
    [InlineData("null")]
    public async Task Gives_other_pages_no_word(string origin)
    {
        using var response = await PreflightAsync("/api/uploads", origin);
        Assert.Null(Header(response, "Access-Control-Allow-Origin"));
        Assert.Null(Header(response, "Access-Control-Allow-Methods"));
        Assert.Equal("Origin", Header(response, "Vary"));
    }

    [Fact]
    public async Task Marks_answers_and_problems_alike()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Stack.App.Url + "/api/u/x/s3/params") { Headers = { { "Origin", "http://localhost:3000" } } };
        using var response = await app.Outside.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("http://localhost:3000", Header(response, "Access-Control-Allow-Origin"));
    }

    private async Task<HttpResponseMessage> PreflightAsync(string path, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, app.Stack.App.Url + path)
        {
            Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "content-type" } },
        };
        return await app.Outside.SendAsync(request);
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
