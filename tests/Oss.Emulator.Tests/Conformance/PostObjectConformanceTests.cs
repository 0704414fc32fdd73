using Oss.Emulator.Tests.Buckets;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceForm;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Conformance;

public sealed class PostObjectConformanceTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory, OnEachTarget]
    public async Task Stores_the_file(string target)
    {
        await using var oss = await StartAsync(target);
        var fields = Sign(oss, "", Hour, ("key", oss.Key("up/${filename}")), ("x-oss-meta-a", "1"), ("Cache-Control", "no-store"));

        var reply = await PostAsync(oss, fields, Content, "文件 1.bin");
        var got = await oss.SendAsync(200, oss.Request("GET", "up/文件 1.bin"));

        Assert.Equal((204, ETag(Content), Crc(Content)), (reply.Status, reply["ETag"], reply["x-oss-hash-crc64ecma"]));
        Assert.Equal(("image/png", "1", "no-store"), (got["Content-Type"], got["x-oss-meta-a"], got["Cache-Control"]));
        Assert.Equal(Content, got.Body);
    }

    [Theory, OnEachTarget]
    public async Task Takes_the_forms_that_we_sign(string target)
    {
        await using var oss = await StartAsync(target);
        KeyValuePair<string, string>[] fields = [new("key", oss.Key("${filename}")), new("success_action_status", "200"), new("x-oss-meta-price", "$5 \"and\" more")];
        var form = PostForm.Sign(oss.Signer, oss.Endpoint, oss.Bucket, fields, 1, 1000, Now, Hour);

        var reply = await PostAsync(oss, form.Fields, Content);

        Assert.Equal((200, ""), (reply.Status, reply.Text));
        Assert.Equal("$5 \"and\" more", (await oss.SendAsync(200, oss.Request("HEAD", "f.bin")))["x-oss-meta-price"]);
    }

    [Theory, OnEachTarget]
    public async Task Looks_at_no_signature_but_the_forms(string target)
    {
        await using var oss = await StartAsync(target);
        (string, string) wrong = ("Authorization", "OSS4-HMAC-SHA256 Credential=nobody,Signature=00");

        var signed = await PostAsync(oss, Sign(oss, "", Hour, ("key", oss.Key("a"))), Content, headers: wrong);
        var anonymous = await PostAsync(oss, [new("key", oss.Key("b"))], Content);

        Assert.Equal(204, signed.Status);
        Refused(403, "AccessDenied", null, anonymous);
        await oss.AssertMissingAsync("b");
    }

    [Theory]
    [OnEachTarget("200", 200)]
    [OnEachTarget("201", 201)]
    [OnEachTarget("204", 204)]
    [OnEachTarget("299", 204)]
    public async Task Answers_with_the_status_asked_for(string target, string asked, int status)
    {
        await using var oss = await StartAsync(target);

        var reply = await PostAsync(oss, Sign(oss, "", Hour, ("key", oss.Key("a b")), ("success_action_status", asked)), Content);

        Assert.Equal(status, reply.Status);
        if (status == 201)
        {
            Assert.Equal("PostResponse", reply.Xml.Name.LocalName);
            Assert.Equal((oss.Bucket, oss.Key("a b"), ETag(Content)), (reply.Xml.Text("Bucket"), reply.Xml.Text("Key"), reply.Xml.Text("ETag")));
            Assert.False(string.IsNullOrEmpty(reply.Xml.Text("Location")));
        }
        else
        {
            Assert.Empty(reply.Body);
        }
    }

    [Theory, OnEachTarget]
    public async Task Redirects_with_bucket_key_and_etag(string target)
    {
        await using var oss = await StartAsync(target);

        var reply = await PostAsync(oss, Sign(oss, "", Hour, ("key", oss.Key("a")), ("success_action_redirect", "http://example.com/done")), Content);

        Assert.Equal(303, reply.Status);
        Assert.StartsWith("http://example.com/done?", reply["Location"], StringComparison.Ordinal);
        Assert.All((string[])[$"bucket={oss.Bucket}", "key=", "etag="], part => Assert.Contains(part, reply["Location"], StringComparison.Ordinal));
    }

    [Theory]
    [OnEachTarget("a/a", "b/b", "c/c", "a/a")]
    [OnEachTarget(null, "b/b", "c/c", "c/c")]
    [OnEachTarget(null, "b/b", null, "b/b")]
    [OnEachTarget(null, null, null, "application/octet-stream")]
    public async Task The_content_type_is_the_first_of_its_sources(string target, string? own, string? field, string? ofFile, string expected)
    {
        await using var oss = await StartAsync(target);
        (string, string)[] types = [.. new[] { ("x-oss-content-type", own), ("Content-Type", field) }.Where(type => type.Item2 is not null).Select(type => (type.Item1, type.Item2!))];

        await PostAsync(oss, Sign(oss, "", Hour, [("key", oss.Key("a")), .. types]), Content, fileType: ofFile);

        Assert.Equal(expected, (await oss.SendAsync(200, oss.Request("HEAD", "a")))["Content-Type"]);
    }

    [Theory, OnEachTarget]
    public async Task Does_not_overwrite_when_told_not_to(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1]);

        Refused(409, "FileAlreadyExists", null, await PostAsync(oss, Sign(oss, "", Hour, ("key", oss.Key("a")), ("x-oss-forbid-overwrite", "true")), Content));

        Assert.Equal([1], await oss.GetAsync("a"));
    }

    [Theory, OnEachTarget]
    public async Task Needs_a_key_and_a_file(string target)
    {
        await using var oss = await StartAsync(target);

        var noKey = await PostAsync(oss, Sign(oss, "", Hour), Content);
        var noFile = await PostAsync(oss, Sign(oss, "", Hour, ("key", oss.Key("a"))), null);

        Refused(400, "InvalidArgument", null, noKey);
        Refused(400, "IncorrectNumberOfFilesInPOSTRequest", null, noFile);
        await oss.AssertMissingAsync("a");
    }
}
