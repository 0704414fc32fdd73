using System.Net;
using System.Text;
using Oss.Protocol;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>s1: the right grant and OSS's genuine signature, over a body that is not what our template makes: none is half believed, and none is an error of the app's.</summary>
[Trait("hole", "s1")]
public sealed class CallbackBodyTests(RunningApp app)
{
    private readonly Attacker _attacker = new(app);

    [Theory]
    [InlineData("\"size\":5", "\"size\":6,\"size\":5")]
    [InlineData("\"size\":5", "\"size\":5,\"size\":6")]
    [InlineData("\"size\":5", "\"size\":5,\"Size\":6")]
    [InlineData("\"size\":5", "\"size\":5,\"bucket\":\"other\"")]
    [InlineData("{", "{\"object\":\"other\",")]
    [InlineData("\"size\":5", "\"size\":5,\"x\":1,\"x\":2")]
    [InlineData("\"size\":5", "\"size\":-5")]
    [InlineData("\"size\":5", "\"size\":5.5")]
    [InlineData("\"size\":5", "\"size\":99999999999999999999")]
    [InlineData("\"size\":5", "\"size\":1e400")]
    [InlineData("\"size\":5", "\"size\":\"NaN\"")]
    [InlineData("\"size\":5", "\"size\":null")]
    [InlineData("\"size\":5", "\"size\":[5]")]
    [InlineData("\"etag\":\"", "\"etag\":\"\\u0000")]
    [InlineData("\"etag\":\"", "\"etag\":\"\\u0007")]
    [InlineData("\"etag\":\"", "\"etag\":\"\\r\\n")]
    [InlineData("\"etag\":\"", "\"etag\":\"\\ud800")]
    [InlineData("\"etag\":\"", "\"etag\":\"\\udc00\\ud800")]
    [InlineData("\"etag\":\"", "\"etag\":\"é")]
    [InlineData("\"object\":\"", "\"object\":\"\\u0000")]
    [InlineData("\"object\":\"", "\"object\":\"\\ud800")]
    [InlineData("\"object\":\"", "\"object\":\"/")]
    [InlineData("\"bucket\":\"", "\"bucket\":\"\\ud800")]
    [InlineData("\"PutObject\"", "\"\\ud800\"")]
    [InlineData("\"PutObject\"", "{}")]
    [InlineData("\"crc64\":\"", "\"crc64\":\"\\ud800")]
    [InlineData("\"size\":5", "\"size\":5,\"traceparent\":\"\\ud800\"")]
    [InlineData("\"size\":5", "\"size\":5,\"\\ud800\":1")]
    [InlineData("\"size\":5", "\"size\":5,")]
    [InlineData("}", "}{}")]
    [InlineData("}", "}\u0000")]
    [InlineData("{", "\uFEFF{")]
    [InlineData("{", "[{")]
    [InlineData("{", "/**/{")]
    public async Task A_body_that_our_template_does_not_make_is_refused(string from, string to)
    {
        var lent = await _attacker.LendAsync();
        var honest = Attacker.HonestBody(lent.Key, await _attacker.StoreAsync(lent.Key, "truth"), 5);
        Assert.Contains(from, honest, StringComparison.Ordinal);
        Attacker.IsRefused(await _attacker.CallAsync(lent.Url, honest.Replace(from, to, StringComparison.Ordinal)));
        Attacker.IsVerified((await _attacker.CallAsync(lent.Url, honest)).Text);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_object_is_refused()
    {
        var lent = await _attacker.LendAsync();
        var honest = Attacker.HonestBody(lent.Key, await _attacker.StoreAsync(lent.Key, "truth"), 5);
        foreach (var body in (string[])["", " ", "null", "[]", "5", "\"x\"", "{}", new string('[', 60_000), "{\"a\":" + string.Concat(Enumerable.Repeat("[", 5_000)) + "]"])
        {
            Attacker.IsRefused(await _attacker.CallAsync(lent.Url, body));
        }

        foreach (var bytes in (byte[][])[[0xFF, 0xFE, 0x00], [.. Encoding.UTF8.GetBytes(honest[..^1]), .. ",\"y\":\""u8, 0xC3, 0x28, .. "\"}"u8], Encoding.Unicode.GetBytes(honest)])
        {
            Attacker.IsRefused(await _attacker.CallAsync(lent.Url, bytes));
        }

        await _attacker.NobodyIsToldOfAsync(lent.Key, lent.Id);
        Attacker.IsVerified((await _attacker.CallAsync(lent.Url, honest)).Text);
    }

    [Fact]
    public async Task A_form_encoded_body_is_refused_though_OSS_signs_it()
    {
        var lent = await _attacker.LendAsync();
        var stored = await _attacker.StoreAsync(lent.Key, "truth");
        var form = $"bucket={Sandbox.Stack.Bucket}&object={lent.Key}&etag={stored.ETag.Trim('"')}&size=5";
        Attacker.IsRefused(await _attacker.HaveOssCallAsync(lent.Url, form, CallbackBodyType.Form));
        Attacker.IsRefused(await _attacker.CallAsync(lent.Url, form));
        await _attacker.NobodyIsToldOfAsync(lent.Key, lent.Id);
    }

    [Fact]
    public async Task A_body_beyond_64_KiB_is_not_read_whatever_its_signature()
    {
        var lent = await _attacker.LendAsync();
        var honest = Attacker.HonestBody(lent.Key, await _attacker.StoreAsync(lent.Key, "truth"), 5);
        var answer = await _attacker.CallAsync(lent.Url, honest.PadRight(65_537));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body_too_large"), (answer.Status, answer.Code));
        await _attacker.NobodyIsToldOfAsync(lent.Key, lent.Id);
        Attacker.IsVerified((await _attacker.CallAsync(lent.Url, honest.PadRight(65_536))).Text);
    }

    [Fact]
    public async Task What_a_body_says_beside_the_object_is_left_out_when_it_is_not_of_its_kind()
    {
        var lent = Loot.Of(await app.PresignAsync(new { profile = "gallery", callback = "header" }));
        var stored = await _attacker.StoreAsync(lent.Key, "truth");
        var honest = Attacker.HonestBody(lent.Key, stored, 5)[..^1];
        Attacker.IsRefused(await _attacker.CallAsync(lent.Url, honest + ""","clientIp":["\ud800"]}"""));
        Attacker.IsVerified((await _attacker.CallAsync(
            lent.Url, honest + ""","clientIp":["\u0000"],"imageInfo.format":["<b>"],"imageInfo.width":[-1],"imageInfo.height":[[]],"contentMd5":["\r\n"],"vpcId":[{"a":1}]}""")).Text);
        Assert.False(Assert.Single(await app.EventsOfAsync(lent.Id)).GetProperty("data").TryGetProperty("claims", out _));
    }
}
