using System.Text.Json;
using Oss.Emulator.Faults;
using Sandbox;

namespace OssCallbackFunctions.Tests.Browser;

/// <summary>A browser without any library: <c>fetch</c>, <c>XMLHttpRequest</c> and <c>FormData</c> with what was lent, as it was lent.</summary>
[Collection(nameof(Browsers))]
public sealed class FetchTests(BrowserApp app)
{
    // Odd keys, in the URL that the browser parses and writes anew.
    private const string Name = "a b+c%/中文's (1)!*~&=?#.png";

    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_003).Select(number => (byte)(number * 7))];

    [Theory]
    [InlineData("put", "query")]
    [InlineData("put", "header")]
    [InlineData("xhr", "query")]
    [InlineData("xhr", "header")]
    public async Task Uses_a_presigned_PUT(string way, string callback)
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(Name), contentType = "image/png", size = Content.Length, callback });
        var done = await UploadAsync(way, put);
        await IsVerifiedAsync(put, done);
        if (way == "xhr")
        {
            Assert.Equal(Content.Length, done.GetProperty("loaded").GetInt32());
        }
    }

    [Fact]
    public async Task Uses_a_form()
    {
        var form = await app.FormAsync(new { key = RunningApp.NewKey(Name), contentType = "image/png", size = Content.Length });
        await IsVerifiedAsync(form, await UploadAsync("form", form));
    }

    [Fact]
    public async Task Reads_in_a_203_that_the_object_is_there_and_the_callback_failed()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(Name), contentType = "image/png" });
        app.Stack.Oss.Faults.Add(new Fault("PutObject") { KeyPrefix = put.GetProperty("key").GetString(), Effect = new DropCallbackEffect() });
        var done = await UploadAsync("put", put);
        Assert.Equal(203, done.GetProperty("status").GetInt32());
        Assert.Contains("<Code>CallbackFailed</Code>", done.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.NotNull(await app.Oss.HeadObjectAsync(Stack.Bucket, put.GetProperty("key").GetString()!));
    }

    [Fact]
    public async Task Reads_why_OSS_refuses()
    {
        var put = await app.PresignAsync(new { key = RunningApp.NewKey(), contentType = "image/png", size = Content.Length - 1 });
        var done = await UploadAsync("put", put);
        Assert.Equal(403, done.GetProperty("status").GetInt32());
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", done.GetProperty("body").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> UploadAsync(string way, JsonElement lent)
    {
        await using var page = app.Open("fetch", new { way, lent, name = "1.png", type = "image/png" }, Content);
        return await page.StepAsync("done");
    }

    private async Task IsVerifiedAsync(JsonElement lent, JsonElement done)
    {
        Assert.True(done.GetProperty("status").GetInt32() == 200, done.ToString());
        using var answer = JsonDocument.Parse(done.GetProperty("body").GetString()!);
        Assert.Equal("verified", answer.RootElement.GetProperty("state").GetString());
        Assert.Equal(done.GetProperty("etag").GetString()!.Trim('"'), answer.RootElement.GetProperty("etag").GetString()!.Trim('"'));
        using var stored = await app.GetObjectAsync(lent.GetProperty("key").GetString()!);
        var bytes = await stored.Content.ReadAsByteArrayAsync();
        Assert.True(bytes.AsSpan().SequenceEqual(Content), $"{bytes.Length} bytes, and not those that were sent.");
        Assert.Single(await app.EventsOfAsync(lent.GetProperty("id").GetString()!));
    }
}
