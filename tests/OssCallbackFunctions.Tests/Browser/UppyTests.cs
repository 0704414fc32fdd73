using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Oss.Emulator.Faults;
using Oss.Protocol;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Browser;

/// <summary>Uppy in a browser, of both contracts with Companion: its AWS S3 plugin with the capability URL of a session, and nothing else set.</summary>
[Collection(nameof(Browsers))]
public sealed class UppyTests(BrowserApp app)
{
    // Parts of 5 MiB: two, and a third that is smaller.
    private const int PartSize = 5 * 1024 * 1024;
    private const string Name = "Фото 1+2 (中文).png";

    private static readonly object Midway = new { parts = 2, bytes = 2 * PartSize };
    private static readonly byte[] Big = RandomNumberGenerator.GetBytes((2 * PartSize) + 1_500_001);

    public static TheoryData<string> Versions => ["uppy-5", "uppy-6"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Uploads_a_file_by_a_form(string uppy)
    {
        var subject = NewSubject();
        var content = RandomNumberGenerator.GetBytes(300_001);
        await using var page = await OpenAsync(uppy, subject, content, new { multipart = false });
        await EndsWellAsync(uppy, page, subject, content, "PostObject");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Uploads_a_file_in_parts(string uppy)
    {
        var subject = NewSubject();
        await using var page = await OpenAsync(uppy, subject, Big, new { multipart = true });
        await EndsWellAsync(uppy, page, subject, Big, "CompleteMultipartUpload");
        Assert.Equal([1, 2, 3], PartsStored(subject));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Uppy_5_shows_its_user_why_a_file_is_refused(bool multipart)
    {
        await using var page = await OpenAsync("uppy-5", NewSubject(), [1], new { multipart }, "text/html");
        var error = Assert.Single((await page.StepAsync("done")).GetProperty("errors").EnumerateArray()).GetString();
        Assert.Contains("Profile 'files' takes all but what browsers run (HTML, SVG, XML, scripts).", error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Goes_on_after_a_pause_and_sends_no_part_again_that_is_there(string uppy)
    {
        var subject = NewSubject();
        HoldUpPart3(subject);
        await using var page = await OpenAsync(uppy, subject, Big, new { multipart = true, after = Midway, then = "pause" });
        await page.StepAsync("paused", async () =>
        {
            Assert.Equal([1, 2], PartsStored(subject));
            Assert.Equal(1, await app.OpenMultipartsAsync($"files/{subject}/"));
            Assert.DoesNotContain(app.Stack.Oss.Requests, request => request.Operation == "CompleteMultipartUpload" && IsOf(request.Key, subject));
        });
        await EndsWellAsync(uppy, page, subject, Big, "CompleteMultipartUpload");
        Assert.Equal([1, 2, 3], PartsStored(subject));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Leaves_no_parts_behind_when_the_user_cancels(string uppy)
    {
        var subject = NewSubject();
        HoldUpPart3(subject);
        await using var page = await OpenAsync(uppy, subject, Big, new { multipart = true, after = Midway, then = "cancel" });
        await page.StepAsync("done", () => RunningApp.EventuallyAsync(async () => await app.OpenMultipartsAsync($"files/{subject}/") == 0 ? "none" : null));
        Assert.Contains(app.Stack.Oss.Requests, request => request.Operation == "AbortMultipartUpload" && request.Status == 204 && IsOf(request.Key, subject));
        Assert.DoesNotContain(app.Stack.Oss.Requests, request => request.Operation == "CompleteMultipartUpload" && IsOf(request.Key, subject));
    }

    private static string NewSubject() => Guid.NewGuid().ToString("N");

    private static bool IsOf(string? key, string subject) => key?.StartsWith($"files/{subject}/", StringComparison.Ordinal) == true;

    // Otherwise everything has gone before the page can stop it.
    private void HoldUpPart3(string subject) =>
        app.Stack.Oss.Faults.Add(new Fault("UploadPart") { KeyPrefix = $"files/{subject}/", PartNumber = 3, Times = 1, Effect = new SlowRequestEffect { BytesPerSecond = 1000 } });

    private int[] PartsStored(string subject) =>
    [
        .. app.Stack.Oss.Requests.Where(request => request.Operation == "UploadPart" && request.Status == 200 && IsOf(request.Key, subject))
            .Select(request => request.PartNumber!.Value).Order(),
    ];

    private async Task<PageRun> OpenAsync(string uppy, string subject, byte[] content, object task, string type = "image/png")
    {
        var (session, _) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject });
        var told = JsonSerializer.SerializeToNode(task)!;
        told["endpoint"] = session.GetProperty("endpoint").GetString();
        (told["name"], told["type"]) = (Name, type);
        return app.Open(uppy, told, content);
    }

    /// <summary>Uppy is content, the object is the file, and it is told of once.</summary>
    private async Task EndsWellAsync(string uppy, PageRun page, string subject, byte[] content, string operation)
    {
        var done = await page.StepAsync("done");
        Assert.Empty(done.GetProperty("errors").EnumerateArray());
        var url = Assert.Single(done.GetProperty("urls").EnumerateArray()).GetString()!;

        var key = Assert.Single(app.Stack.Oss.Requests, request => request.Operation == operation && request.Status == 200 && IsOf(request.Key, subject)).Key!;

        // Uppy 5 takes a form's URL out of a header that OSS does not send with a callback's answer; whoever wants to know has the key in the event.
        Assert.EndsWith(uppy == "uppy-5" && operation == "PostObject" ? $"/{Stack.Bucket}/" : OssEncoding.EncodePath(key), url, StringComparison.Ordinal);
        using var stored = await app.GetObjectAsync(key);
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        var bytes = await stored.Content.ReadAsByteArrayAsync();
        Assert.True(bytes.AsSpan().SequenceEqual(content), $"{bytes.Length} bytes, and not those that were sent.");
        Assert.Equal("image/png", stored.Content.Headers.ContentType?.ToString());

        var id = key.Split('/')[2];
        var told = Assert.Single(await app.EventsOfAsync(id));
        Assert.Equal(id + ".verified", told.GetProperty("id").GetString());
        Assert.Equal((subject, operation), (told.GetProperty("data").GetProperty("subject").GetString(), told.GetProperty("data").GetProperty("operation").GetString()));
    }
}
