using System.Net;
using System.Text.Json;

namespace OssCallbackFunctions.Tests.UploadSessions;

/// <summary>What a session was asked for comes back with each upload under it.</summary>
public sealed class SessionVariablesTests(RunningApp app)
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public async Task Of_a_form_come_back_with_its_event()
    {
        var (_, client) = await OpenAsync();
        var (status, body) = await app.SendFormAsync(await client.GoodAsync(HttpMethod.Get, "/s3/params?filename=a&type=a%2Fb"), [1]);
        Assert.Equal(HttpStatusCode.OK, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal("42", answer.RootElement.GetProperty("order").GetString());
    }

    [Fact]
    public async Task Of_a_multipart_upload_come_back_with_its_event()
    {
        var (_, client) = await OpenAsync();
        var (key, uploadId) = await client.BeginAsync();
        var part = await client.GoodAsync(HttpMethod.Get, SessionClient.Path(uploadId, key, "/1"));
        var etag = await client.SendAsync(part.GetProperty("url").GetString()!, [1, 2, 3]);
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, key, "/complete"), SessionClient.Parts((1, etag)));
        var happened = Assert.Single(await app.EventsOfAsync(key["orders/".Length..]));
        Assert.Equal("""{"order":"42","tenant":"acme"}""", happened.GetProperty("data").GetProperty("variables").GetRawText());
        Assert.Equal(Trace, happened.GetProperty("traceparent").GetString());
    }

    [Fact]
    public async Task That_the_profile_does_not_have_are_refused_with_the_session() =>
        Assert.Equal(
            (HttpStatusCode.BadRequest, "invalid_variables"), await app.RefusalAsync("/api/uploads", new { kind = "session", profile = "orders", variables = new { other = "1" } }));

    private async Task<(JsonElement Answer, SessionClient Client)> OpenAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/uploads")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { kind = "session", profile = "orders", variables = new { order = "42" } })), Headers = { { "traceparent", Trace } },
        };
        using var response = await app.Http.SendAsync(request);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return (answer, new SessionClient(app, answer.GetProperty("endpoint").GetString()!));
    }
}
