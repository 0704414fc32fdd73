using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Faults;

public sealed class FaultPageTests
{
    private static async Task<(HttpStatusCode Status, JsonNode? Json)> SendAsync(TestOss oss, string method, string path = "", string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), oss.Emulator.Endpoint + "/_emulator/faults" + path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await oss.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(text.Length == 0 || response.Content.Headers.ContentType!.MediaType == "application/json");
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    [Fact]
    public async Task Faults_are_added_counted_listed_and_removed()
    {
        await using var oss = await TestOss.StartAsync(faultSeed: 9);

        var added = await SendAsync(oss, "POST", body: """{"operation":"PutObject","keyPrefix":"a","times":1,"effect":{"code":"InternalError","status":500,"kind":"error"}}""");
        var second = await SendAsync(oss, "POST", body: """{"probability":0,"seed":4,"effect":{"kind":"delay","milliseconds":1500}}""");
        await Assert.ThrowsAsync<OssException>(() => oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[] { 1 })));
        await oss.Client.PutObjectAsync(TestOss.BucketName, "a", UploadBody.From(new byte[] { 1 }));
        var listed = await SendAsync(oss, "GET");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.OK), (added.Status, second.Status, listed.Status));
        Assert.Equal("1", added.Json!["id"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(listed.Json, JsonNode.Parse("""
            {
              "seed": 9,
              "faults": [
                {
                  "id": "1", "matches": 2, "hits": 1,
                  "fault": {
                    "operation": "PutObject", "keyPrefix": "a", "probability": 1, "times": 1, "after": 0,
                    "effect": { "kind": "error", "code": "InternalError", "status": 500, "message": "A fault was asked for." }
                  }
                },
                {
                  "id": "2", "matches": 2, "hits": 0,
                  "fault": { "operation": "*", "probability": 0, "after": 0, "seed": 4, "effect": { "kind": "delay", "milliseconds": 1500 } }
                }
              ]
            }
            """)), listed.Json!.ToJsonString());

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(oss, "DELETE", "/1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(oss, "DELETE", "/1")).Status);
        Assert.Equal("2", oss.Emulator.Faults.Installed.Single().Id);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(oss, "DELETE")).Status);
        Assert.Empty((await SendAsync(oss, "GET")).Json!["faults"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"kind":"error","code":"NoSuchKey","status":404,"message":"m"}""")]
    [InlineData("""{"kind":"throttle","code":"QpsLimitExceeded","milliseconds":200}""")]
    [InlineData("""{"kind":"delay","milliseconds":0.5}""")]
    [InlineData("""{"kind":"resetRequest"}""")]
    [InlineData("""{"kind":"resetRequest","afterBytes":1000}""")]
    [InlineData("""{"kind":"slowRequest","bytesPerSecond":10}""")]
    [InlineData("""{"kind":"loseReply"}""")]
    [InlineData("""{"kind":"resetReply","inHeaders":true}""")]
    [InlineData("""{"kind":"resetReply","afterBytes":0,"inHeaders":false,"isClosed":true}""")]
    [InlineData("""{"kind":"slowReply","bytesPerSecond":10}""")]
    [InlineData("""{"kind":"corruptReply","atByte":7}""")]
    [InlineData("""{"kind":"truncateReply","afterBytes":7}""")]
    [InlineData("""{"kind":"dropCallback","answer":"timeout"}""")]
    [InlineData("""{"kind":"doubleCallback"}""")]
    [InlineData("""{"kind":"delayCallback","milliseconds":6000}""")]
    [InlineData("""{"kind":"forgeCallback"}""")]
    [InlineData("""{"kind":"alterCallback"}""")]
    public async Task Each_effect_comes_back_as_it_was_given(string effect)
    {
        await using var oss = await TestOss.StartAsync();

        var (status, json) = await SendAsync(oss, "POST", body: $$"""{"effect":{{effect}}}""");

        Assert.Equal(HttpStatusCode.Created, status);
        var (given, back) = (JsonNode.Parse(effect)!.AsObject(), json!["fault"]!["effect"]!.AsObject());
        Assert.All(given, member => Assert.True(JsonNode.DeepEquals(member.Value, back[member.Key]), back.ToJsonString()));
        Assert.Equal(given["kind"]!.GetValue<string>(), oss.Emulator.Faults.Installed.Single().Fault.Effect.Kind);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("{", "")]
    [InlineData("null", "null")]
    [InlineData("[]", "")]
    [InlineData("{}", "effect")]
    [InlineData("""{"effect":null}""", "effect")]
    [InlineData("""{"effect":{}}""", "kind")]
    [InlineData("""{"effect":{"kind":"explode"}}""", "explode")]
    [InlineData("""{"effect":{"kind":"loseReply"},"opertion":"PutObject"}""", "opertion")]
    [InlineData("""{"effect":{"kind":"loseReply","afterBytes":1}}""", "afterBytes")]
    [InlineData("""{"effect":{"kind":"loseReply"},"after":1,"after":2}""", "after")]
    [InlineData("""{"effect":{"kind":"delay","milliseconds":"1"}}""", "milliseconds")]
    [InlineData("""{"effect":{"kind":"delay","milliseconds":1e300}}""", "milliseconds")]
    [InlineData("""{"effect":{"kind":"delay"}}""", "milliseconds")]
    [InlineData("""{"effect":{"kind":"dropCallback","answer":"never"}}""", "answer")]
    [InlineData("""{"effect":{"kind":"loseReply"},"probability":2}""", "probability")]
    [InlineData("""{"effect":{"kind":"loseReply"},"operation":"PutObjekt"}""", "PutObjekt")]
    [InlineData("""{"effect":{"kind":"loseReply"},"operation":null}""", "operation")]
    public async Task What_is_no_fault_is_refused_with_a_reason(string body, string named)
    {
        await using var oss = await TestOss.StartAsync();

        var (status, json) = await SendAsync(oss, "POST", body: body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(named, json!["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(oss.Emulator.Faults.Installed);
    }

    [Fact]
    public async Task Too_large_a_body_and_other_methods_are_refused()
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(oss, "POST", body: new string(' ', 100_000))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync(oss, "PUT", body: "{}")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync(oss, "GET", "/1")).Status);
        Assert.Empty(oss.Emulator.Requests);
    }
}
