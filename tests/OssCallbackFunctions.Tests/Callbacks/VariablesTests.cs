using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Oss.Emulator.Faults;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>Variables that a credential is lent with: they come back as they were, whoever had a hand in the callback.</summary>
public sealed class VariablesTests(RunningApp app)
{
    private const string Put = "/api/uploads/presigned-put";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Come_back_with_the_event_of_a_presigned_PUT()
    {
        var put = await app.PresignAsync(new { profile = "orders", variables = new { order = "42 \"quoted\" 用户" } });
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, [1])).Status);
        var id = put.GetProperty("id").GetString()!;
        Assert.Equal("""{"order":"42 \"quoted\" 用户","tenant":"acme"}""", Variables(Assert.Single(await app.EventsOfAsync(id))));
    }

    [Fact]
    public async Task Come_back_with_the_event_of_a_form()
    {
        var form = await app.FormAsync(new { profile = "orders", variables = new { tenant = "" } });
        Assert.Equal(HttpStatusCode.OK, (await app.SendFormAsync(form, [1])).Status);
        Assert.Equal("""{"order":"none","tenant":""}""", Variables(Assert.Single(await app.EventsOfAsync(form.GetProperty("id").GetString()!))));
    }

    [Fact]
    public async Task Come_back_when_the_object_could_not_be_looked_at_in_time()
    {
        var put = await app.PresignAsync(new { profile = "orders", variables = new { order = "late" } });
        app.Stack.Oss.Faults.Add(new Fault("HeadObject")
        {
            KeyPrefix = put.GetProperty("key").GetString(), Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(3) },
        });
        Assert.Contains("\"pending\"", (await app.PutAsync(put, [1])).Body, StringComparison.Ordinal);
        Assert.Equal("""{"order":"late","tenant":"acme"}""", Variables(Assert.Single(await app.EventsOfAsync(put.GetProperty("id").GetString()!))));
    }

    [Fact]
    public async Task Come_back_when_no_callback_told_of_the_object()
    {
        // The entry that a credential leaves behind, as it is when its grant is over.
        var key = RunningApp.NewKey();
        var id = Guid.NewGuid().ToString("N");
        await app.Oss.PutObjectAsync(Stack.Bucket, key, UploadBody.From(new byte[] { 1 }));
        var entry = new
        {
            v = 1, id, profile = "orders", subject = "", bucket = Stack.Bucket, key,
            issued = DateTimeOffset.UtcNow.AddMinutes(-1), expires = DateTimeOffset.UtcNow.AddMinutes(-2), variables = new { order = "42" },
        };
        var queue = app.Queue("upload-ledger");
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(JsonSerializer.Serialize(entry));
        var happened = Assert.Single(await app.EventsOfAsync(id));
        Assert.True(happened.GetProperty("data").GetProperty("foundWithoutCallback").GetBoolean());
        Assert.Equal("""{"order":"42"}""", Variables(happened));
    }

    [Fact]
    public async Task Are_not_what_a_body_of_the_uploaders_says()
    {
        // Whoever has the callback's URL can have OSS sign a body of his own.
        var put = await app.PresignAsync(new { profile = "orders", callback = "header", variables = new { order = "42" } });
        Assert.True(CallbackParameter.TryParse(put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        Assert.DoesNotContain("\"42\"", callback.Body, StringComparison.Ordinal);
        var forged = new CallbackParameter
        {
            Urls = callback.Urls,
            Body = """{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},"variables":{"order":"43"},"order":"43"}""",
            BodyType = CallbackBodyType.Json,
        };
        var stored = await app.Oss.PutObjectAsync(Stack.Bucket, put.GetProperty("key").GetString()!, UploadBody.From(new byte[] { 1 }), null, forged);
        Assert.Contains("\"verified\"", stored.CallbackReply, StringComparison.Ordinal);
        Assert.Equal("""{"order":"42","tenant":"acme"}""", Variables(Assert.Single(await app.EventsOfAsync(put.GetProperty("id").GetString()!))));
    }

    [Theory]
    [InlineData("""{"profile":"orders","variables":{"other":"1"}}""")]
    [InlineData("""{"profile":"orders","variables":{"Order":"1"}}""")]
    [InlineData("""{"profile":"orders","variables":{"order":null}}""")]
    [InlineData("""{"profile":"orders","variables":{"order":"a\nb"}}""")]
    [InlineData("""{"profile":"orders","variables":{"order":"a\u0000"}}""")]
    [InlineData("""{"key":"k","variables":{"order":"1"}}""")]
    public async Task That_the_profile_does_not_have_or_that_are_no_text_are_refused(string json)
    {
        using var asked = JsonDocument.Parse(json);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_variables"), await app.RefusalAsync(Put, asked.RootElement));
    }

    [Fact]
    public async Task Have_256_bytes_each_and_no_more()
    {
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_variables"), await app.RefusalAsync(Put, new { profile = "orders", variables = new { order = new string('图', 86) } }));
        var longest = new string('图', 85) + "x";
        var put = await app.PresignAsync(new { profile = "orders", subject = new string('s', 128), variables = new { order = longest, tenant = longest } });
        var (status, body) = await app.PutAsync(put, [1]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"verified\"", body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_json"), await app.RefusalAsync(Put, new { profile = "orders", variables = new { order = 42 } }));
    }

    private static string Variables(JsonElement happened) => JsonSerializer.Serialize(happened.GetProperty("data").GetProperty("variables"), Plain);
}
