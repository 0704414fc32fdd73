using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OssCallbackFunctions.Tests.UploadSessions;
using Sandbox;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>s5: names of files, keys, subjects and types that would lead out of a folder, into a header, or astray: what is lent is for one key in its folder, and what is stored is there.</summary>
[Trait("hole", "s5")]
public sealed class NameTests(RunningApp app)
{
    private const string Put = "/api/uploads/presigned-put";

    public static TheoryData<string> FileNames =>
    [
        "../../x", "..\\..\\x", "/etc/passwd", "C:\\boot.ini", "a/../../b.txt", "a\r\nX: y", "a\nb.txt", "a\0b.txt", "\u202Egpj.exe", "\u2066x", "a\u2028b", "....", ".", "..", "...html", " ", "CON", "nul.txt",
        "%2e%2e%2fx", "%2E%2E", "..%2f", "%00.png", "a%0d%0aX:y", "${filename}", "$(id)", "`id`", "a;b|c&d", "<script>.svg", "\"quoted\".txt", "'; DROP TABLE uploads;--", "{id}", "{subject}", "~", "-rf", ".htaccess",
        "x.PNG.", "x.html\u0000.png", "💣.png", "\uFEFFx", "\uFFFEx", "e\u0301.txt", new string('a', 1024), new string('.', 1024), "a." + new string('b', 900), new string('é', 512),
    ];

    [Theory]
    [MemberData(nameof(FileNames))]
    public async Task A_file_name_leads_out_of_no_folder(string fileName)
    {
        var put = await app.PresignAsync(new { profile = "files", subject = "u", fileName });
        IsInFolder(put.GetProperty("key").GetString()!, put.GetProperty("id").GetString()!);
        Attacker.IsVerified((await app.PutAsync(put, [1])).Body);
        Assert.NotNull(await app.Oss.HeadObjectAsync(Stack.Bucket, put.GetProperty("key").GetString()!));

        var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile = "files", subject = "u" });
        var form = await client.GoodAsync(HttpMethod.Get, "/s3/params?filename=" + Uri.EscapeDataString(fileName));
        IsInFolder(form.GetProperty("fields").GetProperty("key").GetString()!);
        Attacker.IsVerified((await app.SendFormAsync(form, [1])).Body);
    }

    [Theory]
    [InlineData("../v")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("%2e%2e%2f")]
    [InlineData("..\\v")]
    [InlineData("{id}")]
    [InlineData("\u202Ev")]
    public async Task A_subject_leads_into_no_other_subjects_folder(string subject)
    {
        var put = await app.PresignAsync(new { profile = "drafts", subject, fileName = "x.txt" });
        var key = put.GetProperty("key").GetString()!;
        Assert.Matches("^drafts/[^/]+/x.txt$", key);
        Assert.DoesNotContain("/../", key, StringComparison.Ordinal);
        Assert.DoesNotContain("/./", key, StringComparison.Ordinal);
        Assert.Equal(subject, Uri.UnescapeDataString(key.Split('/')[1]));
    }

    [Theory]
    [InlineData("subject", "a\r\nX: y", "invalid_subject")]
    [InlineData("subject", "a\0", "invalid_subject")]
    [InlineData("subject", "a\u0085", "invalid_subject")]
    [InlineData("contentType", "image/png\r\nX: y", "invalid_content_type")]
    [InlineData("contentType", "image/png\n", "invalid_content_type")]
    [InlineData("contentType", "image/png\0", "invalid_content_type")]
    [InlineData("contentType", " image/png", "invalid_content_type")]
    [InlineData("contentType", "image/图", "invalid_content_type")]
    [InlineData("contentType", "image/png, text/html", "invalid_content_type")]
    [InlineData("contentType", "", "invalid_content_type")]
    [InlineData("profile", "files\0", "profile_not_found")]
    [InlineData("profile", "../files", "profile_not_found")]
    [InlineData("profile", "FILES", "profile_not_found")]
    [InlineData("profile", "", "profile_not_found")]
    [InlineData("md5", "AAAAAAAAAAAAAAAAAAAAAA==\r\n", "invalid_checksum")]
    [InlineData("key", "files/u/x/mine.bin", "invalid_key")]
    public async Task What_would_break_a_header_or_name_another_profile_is_refused(string member, string value, string code)
    {
        var asked = new Dictionary<string, string> { ["profile"] = "files", ["subject"] = "u", ["fileName"] = "a.bin", [member] = value };
        foreach (var path in (string[])[Put, "/api/uploads/form-post", "/api/uploads"])
        {
            Assert.Equal((HttpStatusCode.BadRequest, code), await app.RefusalAsync(path, asked));
        }
    }

    [Theory]
    [InlineData("/x")]
    [InlineData("\\x")]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("a\0b")]
    [InlineData("a\r\nX: y")]
    [InlineData("a\u007F")]
    [InlineData("a\u0085b")]
    [InlineData("a\uFFFE")]
    [InlineData("a\uFFFF")]
    public async Task A_key_that_OSS_does_not_take_or_that_breaks_a_header_or_XML_is_refused(string key)
    {
        foreach (var path in (string[])[Put, "/api/uploads/form-post", "/api/uploads"])
        {
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_key"), await app.RefusalAsync(path, new { key }));
        }

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_key"), await app.RefusalAsync("/api/uploads", new { key, kind = "multipart", size = 1 }));
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("a/%2e%2e/b")]
    [InlineData("%2F")]
    [InlineData("%00")]
    [InlineData("a\\..\\b")]
    [InlineData("💣")]
    [InlineData("\uFEFF")]
    [InlineData("a?x-oss-process=image/resize")]
    [InlineData("a#b")]
    [InlineData("a&callback=x")]
    [InlineData("\u202Egpj.exe")]
    [InlineData(" a ")]
    public async Task An_odd_key_is_the_key_of_that_one_object(string name)
    {
        var key = RunningApp.NewKey(name);
        var put = await app.PresignAsync(new { key });
        Assert.Equal(key, put.GetProperty("key").GetString());
        Attacker.IsVerified((await app.PutAsync(put, [1])).Body);
        Assert.Equal(key, Assert.Single(await app.EventsOfAsync(put.GetProperty("id").GetString()!)).GetProperty("subject").GetString());
        Assert.Equal(key, app.Stack.Oss.Requests.Last(request => request.Operation == "PutObject" && request.Key?.StartsWith(key[..33], StringComparison.Ordinal) == true).Key);
        var (answer, client) = await SessionClient.OpenAsync(app, new { key = key + "2", kind = "multipart", size = 1 });
        var lent = answer.GetProperty("multipart");
        var (made, uploadId) = (lent.GetProperty("key").GetString()!, lent.GetProperty("uploadId").GetString()!);
        Assert.Equal(key + "2", made);
        var etag = await client.SendAsync(lent.GetProperty("parts")[0].GetProperty("url").GetString()!, [1]);
        await client.GoodAsync(HttpMethod.Post, SessionClient.Path(uploadId, made, "/complete"), SessionClient.Parts((1, etag)));
        Assert.NotNull(await app.Oss.HeadObjectAsync(Stack.Bucket, made));
    }

    [Theory]
    [InlineData('a', 1)]
    [InlineData('图', 3)]
    public async Task A_key_has_1023_bytes_and_no_more(char letter, int bytes)
    {
        var start = RunningApp.NewKey("");
        var longest = start + new string(letter, (1023 - start.Length) / bytes) is var key && Encoding.UTF8.GetByteCount(key) is var length ? key + new string('x', 1023 - length) : "";
        Attacker.IsVerified((await app.PutAsync(await app.PresignAsync(new { key = longest }), [1])).Body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_key"), await app.RefusalAsync(Put, new { key = longest + "x" }));
    }

    private static void IsInFolder(string key, string? id = null)
    {
        Assert.Matches($"^files/u/{(id is null ? "[A-Za-z0-9_-]+" : Regex.Escape(id))}/[^/\\\\\\p{{Cc}}\\p{{Cf}}\\p{{Zl}}\\p{{Zp}}<>\"'`$%;|&{{}}]+$", key);
        Assert.DoesNotContain(key.Split('/')[3], (string[])[".", "..", ""]);
        Assert.InRange(Encoding.UTF8.GetByteCount(key), 1, 1023);
    }
}
