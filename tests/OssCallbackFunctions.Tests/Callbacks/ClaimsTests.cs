using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Oss.Emulator.Faults;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Callbacks;

/// <summary>What the body of a callback says beside the object itself.</summary>
public sealed class ClaimsTests(RunningApp app)
{
    // A PNG of 3 x 2 pixels, as far as OSS looks.
    private static readonly byte[] Png =
        [0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 3, 0, 0, 0, 2, 8, 6, 0, 0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task Of_an_image_are_told_with_the_event()
    {
        var put = await app.PresignAsync(new { profile = "gallery", fileName = "a.png", contentType = "image/png" });
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, Png)).Status);
        Assert.Equal(ClaimsOf(Png, """{"height":2,"width":3,"format":"png"}"""), await ClaimsAsync(put));
    }

    [Fact]
    public async Task Of_what_is_no_image_are_the_others()
    {
        var put = await app.PresignAsync(new { profile = "gallery", fileName = "a.txt" });
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, "text"u8.ToArray())).Status);
        Assert.Equal(ClaimsOf("text"u8.ToArray(), null), await ClaimsAsync(put));
    }

    [Fact]
    public async Task Are_kept_when_the_object_could_not_be_looked_at_in_time()
    {
        var put = await app.PresignAsync(new { profile = "gallery", fileName = "a.png" });
        app.Stack.Oss.Faults.Add(new Fault("HeadObject") { KeyPrefix = put.GetProperty("key").GetString(), Times = 1, Effect = new DelayEffect { Duration = TimeSpan.FromSeconds(3) } });
        Assert.Contains("\"pending\"", (await app.PutAsync(put, Png)).Body, StringComparison.Ordinal);
        Assert.Equal(ClaimsOf(Png, """{"height":2,"width":3,"format":"png"}"""), await ClaimsAsync(put));
    }

    [Theory]
    [InlineData("""
        "clientIp":["<script>"],"imageInfo.height":["1e9"],"imageInfo.width":[-1],"imageInfo.format":["a\"b"],"contentMd5":["AAAA"],"vpcId":[{"a":1}]
        """)]
    [InlineData("""
        "clientIp":[],"imageInfo.height":[null],"imageInfo.width":[1,2],"imageInfo.format":["png","jpg"],"contentMd5":7,"vpcId":{}
        """)]
    public async Task That_are_not_of_their_kind_are_left_out(string members)
    {
        var put = await app.PresignAsync(new { profile = "gallery", callback = "header" });
        var stored = await StoreAsync(put, $$"""{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},{{members.Trim()}}}""");
        Assert.Contains("verified", stored.CallbackReply, StringComparison.Ordinal);
        Assert.Null(await ClaimsAsync(put));
    }

    [Fact]
    public async Task That_the_profile_does_not_ask_for_are_left_out()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), callback = "header" });
        var stored = await StoreAsync(put, """{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},"clientIp":["203.0.113.7"]}""");
        Assert.Contains("verified", stored.CallbackReply, StringComparison.Ordinal);
        Assert.Null(await ClaimsAsync(put));
    }

    [Fact]
    public async Task Leave_the_body_JSON_when_OSS_writes_nothing_for_a_value()
    {
        // What OSS writes for an image's height when there is no image is not settled.
        var put = await app.PresignAsync(new { profile = "gallery", callback = "header" });
        var template = Callback(put).Body.Replace("${imageInfo.height}", "", StringComparison.Ordinal).Replace("${imageInfo.width}", "null", StringComparison.Ordinal);
        Assert.Contains("verified", (await StoreAsync(put, template)).CallbackReply, StringComparison.Ordinal);
        Assert.Equal(ClaimsOf([1], null), await ClaimsAsync(put));
    }

    private static CallbackParameter Callback(JsonElement put)
    {
        Assert.True(CallbackParameter.TryParse(put.GetProperty("headers").GetProperty("x-oss-callback").GetString()!, null, out var callback, out _));
        return callback;
    }

    private Task<StoredObject> StoreAsync(JsonElement put, string template) => app.Oss.PutObjectAsync(
        Stack.Bucket, put.GetProperty("key").GetString()!, UploadBody.From(new byte[] { 1 }), null,
        new CallbackParameter { Urls = Callback(put).Urls, Body = template, BodyType = CallbackBodyType.Json });

    private async Task<string?> ClaimsAsync(JsonElement put) =>
        Assert.Single(await app.EventsOfAsync(put.GetProperty("id").GetString()!)).GetProperty("data").TryGetProperty("claims", out var claims)
            ? claims.GetRawText().Replace("\\u002B", "+", StringComparison.Ordinal)
            : null;

#pragma warning disable CA5351 // The algorithm is OSS's choice.
    private static string ClaimsOf(byte[] content, string? image) =>
        $$"""{"clientIp":"127.0.0.1",{{(image is null ? "" : $"\"imageInfo\":{image},")}}"contentMd5":"{{Convert.ToBase64String(MD5.HashData(content))}}"}""";
#pragma warning restore CA5351
}
