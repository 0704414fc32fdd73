using System.Net;
using System.Text.Json;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>One trace from the credential to the event.</summary>
public sealed class TraceTests(RunningApp app)
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public async Task The_event_has_the_trace_of_the_request_for_the_credential()
    {
        var put = await LendAsync(Trace);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, [1])).Status);
        Assert.Equal(Trace, Assert.Single(await app.EventsOfAsync(put.GetProperty("id").GetString()!)).GetProperty("traceparent").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\"")]
    [InlineData("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    public async Task A_trace_begins_with_a_request_that_has_no_valid_one(string? traceParent)
    {
        var put = await LendAsync(traceParent);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, [1])).Status);
        var told = Assert.Single(await app.EventsOfAsync(put.GetProperty("id").GetString()!)).GetProperty("traceparent").GetString();
        Assert.NotEqual(traceParent, told);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", told);
    }

    [Theory]
    [InlineData("\"<script>\"")]
    [InlineData("7")]
    [InlineData("[\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"]")]
    public async Task What_is_no_trace_in_a_body_is_not_told(string value)
    {
        var put = await LendAsync(Trace);
        Assert.True(CallbackParameter.TryParse(put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        Assert.Contains($"\"traceparent\":\"{Trace}\"", callback.Body, StringComparison.Ordinal);
        var altered = callback with { Body = callback.Body.Replace($"\"{Trace}\"", value, StringComparison.Ordinal) };
        var stored = await app.Oss.PutObjectAsync(Stack.Bucket, put.GetProperty("key").GetString()!, UploadBody.From(new byte[] { 1 }), null, altered);
        Assert.Contains("verified", stored.CallbackReply, StringComparison.Ordinal);
        Assert.False(Assert.Single(await app.EventsOfAsync(put.GetProperty("id").GetString()!)).TryGetProperty("traceparent", out _));
    }

    [Fact]
    public async Task The_event_of_an_object_that_no_callback_told_of_has_it_too()
    {
        var key = RunningApp.NewKey();
        var id = Guid.NewGuid().ToString("N");
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        var entry = new
        {
            v = 1, id, profile = "default", subject = "", bucket = Stack.Bucket, key,
            issued = DateTimeOffset.UtcNow.AddMinutes(-1), expires = DateTimeOffset.UtcNow.AddMinutes(-2), traceParent = Trace,
        };
        var queue = app.Queue("upload-ledger");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(JsonSerializer.Serialize(entry));
        Assert.Equal(Trace, Assert.Single(await app.EventsOfAsync(id)).GetProperty("traceparent").GetString());
    }

    private async Task<JsonElement> LendAsync(string? traceParent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/uploads/presigned-put")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { key = RunningApp.NewKey(), callback = "header" })),
        };
        if (traceParent is not null)
        {
            request.Headers.TryAddWithoutValidation("traceparent", traceParent);
        }

        using var response = await app.Http.SendAsync(request);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
