using System.Net;
using System.Text.RegularExpressions;
using Oss.Protocol;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>A lent presigned PUT used otherwise than it was lent: what the uploader strips, adds or changes makes the signature wrong, nothing is stored, and as lent it still works.</summary>
public sealed class AlteredPutTests(RunningApp app)
{
    // Well-formed, and signed by nobody: OSS would call it.
    private static readonly string OtherCallback = new CallbackParameter { Urls = ["http://127.0.0.1:1/"], Body = "bucket=${bucket}" }.ToBase64();
    private static readonly string Variables = Attacker.Base64("""{"x:order":"43"}""");

    private readonly Attacker _attacker = new(app);

    [Theory]
    [Trait("hole", "s3")]
    [InlineData("", "x-oss-callback")]
    [InlineData("x-oss-callback", "other")]
    [InlineData("x-oss-callback-var", "variables")]
    [InlineData("?callback", "other")]
    [InlineData("?callback-var", "variables")]
    public async Task A_callback_in_the_headers_cannot_be_stripped_replaced_or_added_to(string added, string value)
    {
        var lent = await _attacker.LendAsync();
        await _attacker.PutIsRefusedAsync(lent, request => Callback(request, added, value));
    }

    [Theory]
    [Trait("hole", "s3")]
    [InlineData("callback=[^&]*&?", "")]
    [InlineData("callback=[^&]*", "callback=")]
    [InlineData("callback=[^&]{4}", "callback=AAAA")]
    [InlineData("callback=", "callback2=")]
    [InlineData("callback=", "callback=other&callback=")]
    [InlineData("callback=([^&]*)", "callback=$1&callback-var=variables")]
    public async Task A_callback_in_the_URL_cannot_be_stripped_replaced_or_added_to(string pattern, string replacement)
    {
        var key = RunningApp.NewKey();
        var put = await app.PresignAsync(new { key });
        var text = replacement.Replace("other", Uri.EscapeDataString(OtherCallback), StringComparison.Ordinal).Replace("variables", Uri.EscapeDataString(Variables), StringComparison.Ordinal);
        await _attacker.PutIsRefusedAsync(put, key, request => PutChanges.Rewrite(request, url => Regex.Replace(url, pattern, text)));
        await _attacker.PutIsRefusedAsync(put, key, request => request.Headers.TryAddWithoutValidation("x-oss-callback", OtherCallback));
        await _attacker.PutIsRefusedAsync(put, key, request => request.Headers.TryAddWithoutValidation("x-oss-callback-var", Variables));
        await _attacker.PutWorksAsync(put);
    }

    [Theory]
    [Trait("hole", "s5")]
    [InlineData("file.bin", "other.bin")]
    [InlineData("/file.bin", "/../file.bin")]
    [InlineData("/file.bin", "/%2e%2e/file.bin")]
    [InlineData("file.bin", "file.bin/x")]
    [InlineData("file.bin", "%66ile.bin%20")]
    [InlineData(Stack.Bucket, Attacker.OwnBucket)]
    public async Task The_key_cannot_be_another(string from, string to)
    {
        var lent = await _attacker.LendAsync();
        await _attacker.PutIsRefusedAsync(lent, request => PutChanges.Rewrite(request, url => url.Replace(from, to, StringComparison.Ordinal)), HttpStatusCode.NotFound);
    }

    [Theory]
    [Trait("hole", "s6")]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(6_000_000)]
    public async Task The_size_is_that_which_was_granted(int size)
    {
        var key = RunningApp.NewKey();
        var put = await app.PresignAsync(new { key, size = 5 });
        await _attacker.PutIsRefusedAsync(put, key, request => request.Content = PutChanges.Content(request, new byte[size]));
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync(put, new byte[5])).Status);
    }

    [Theory]
    [Trait("hole", "s7")]
    [InlineData("text/html")]
    [InlineData("text/html;x")]
    [InlineData("IMAGE/PNG")]
    [InlineData("image/png; charset=utf-8")]
    [InlineData("image/svg+xml")]
    [InlineData("application/octet-stream")]
    [InlineData(null)]
    public async Task The_content_type_is_that_which_was_granted(string? type)
    {
        var key = RunningApp.NewKey("page.html");
        var put = await app.PresignAsync(new { key, contentType = "image/png" });
        await _attacker.PutIsRefusedAsync(put, key, request =>
        {
            request.Content!.Headers.Remove("Content-Type");
            _ = type is null || request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        });
        await _attacker.PutWorksAsync(put);
        Assert.Equal("image/png", (await app.Oss.HeadObjectAsync(Stack.Bucket, key))!.ContentType);
    }

    [Theory]
    [Trait("hole", "s7")]
    [InlineData("attachment")]
    [InlineData("inline; filename=\"page.html\"")]
    [InlineData("")]
    [InlineData(null)]
    public async Task The_content_disposition_is_that_of_the_profile(string? disposition)
    {
        var put = await app.PresignAsync(new { profile = "photos", subject = "u", fileName = "a.png", contentType = "image/png", size = 1 });
        await _attacker.PutIsRefusedAsync(put, put.GetProperty("key").GetString()!, request =>
        {
            request.Content!.Headers.Remove("Content-Disposition");
            _ = disposition is null || request.Content.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
        });
        await _attacker.PutWorksAsync(put);
    }

    private static void Callback(HttpRequestMessage request, string added, string value)
    {
        if (added.Length == 0)
        {
            request.Headers.Remove(value);
            return;
        }

        _ = added[0] == '?' || request.Headers.Remove(added);
        PutChanges.Add(request, added, value == "other" ? OtherCallback : Variables);
    }
}
