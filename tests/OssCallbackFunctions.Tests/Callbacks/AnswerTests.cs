using System.Net;
using System.Text.Json;
using Oss.Emulator.Faults;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>What the uploader gets of an answer that a profile made.</summary>
public sealed class AnswerTests(RunningApp app)
{
    [Fact]
    public async Task Has_exactly_the_members_of_the_profile_and_the_state()
    {
        var put = await app.PresignAsync(new { profile = "orders", subject = "a\"}用户\\", variables = new { order = "\",\"x\":\"</script>" } });
        var (status, body) = await app.PutAsync(put, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal(["note", "ok", "order", "size", "state", "url"], answer.RootElement.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal("verified", answer.RootElement.GetProperty("state").GetString());
        Assert.Equal("3", answer.RootElement.GetProperty("size").GetRawText());
        Assert.Equal("\",\"x\":\"</script>", answer.RootElement.GetProperty("order").GetString());
        Assert.Equal($"https://cdn.example.com/{put.GetProperty("key").GetString()}?order=\",\"x\":\"</script>", answer.RootElement.GetProperty("url").GetString());
        Assert.Equal("{\"a\"}用户\\\"}", answer.RootElement.GetProperty("note").GetString());
        Assert.Equal("yes", answer.RootElement.GetProperty("ok").GetString());

        // OSS would hand on nothing that has no length, or a byte order mark.
        var call = Assert.Single(app.Stack.Oss.Callbacks, call => call.Key == put.GetProperty("key").GetString());
        Assert.True(call.Succeeded);
        Assert.Equal('{', call.ReplyBody![0]);
    }

    [Fact]
    public async Task Has_what_a_form_was_answered_before()
    {
        var (status, body) = await app.SendFormAsync(await app.FormAsync(new { profile = "orders" }), [1]);
        Assert.Equal(HttpStatusCode.OK, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal("none", answer.RootElement.GetProperty("order").GetString());
        Assert.Equal(1, answer.RootElement.GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task Has_no_value_for_what_is_not_known_yet()
    {
        var put = await app.PresignAsync(new { profile = "orders", subject = "u" });
        app.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = put.GetProperty("key").GetString(), Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(3) } });
        using var answer = JsonDocument.Parse((await app.PutAsync(put, [1])).Body);
        Assert.Equal("pending", answer.RootElement.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, answer.RootElement.GetProperty("size").ValueKind);
        Assert.Equal("none", answer.RootElement.GetProperty("order").GetString());
        Assert.Equal($"https://cdn.example.com/{put.GetProperty("key").GetString()}?order=none", answer.RootElement.GetProperty("url").GetString());
    }

    [Fact]
    public async Task Has_no_value_for_what_an_object_does_not_have()
    {
        var (_, body) = await app.PutAsync(await app.PresignAsync(new { profile = "gallery" }), "no image"u8.ToArray());
        Assert.Equal("""{"state":"verified","format":null,"width":null}""", body);
    }
}
