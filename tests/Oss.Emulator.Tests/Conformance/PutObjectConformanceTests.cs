using static Oss.Emulator.Tests.Conformance.ConformanceRun;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Conformance;

public sealed class PutObjectConformanceTests
{
    private static readonly byte[] Content = TestOss.Bytes(1000);

    [Theory, OnEachTarget]
    public async Task Says_what_it_stored(string target)
    {
        await using var oss = await StartAsync(target);

        var reply = await oss.PutAsync("a", Content);

        Assert.Equal((ETag(Content), Md5(Content), Crc(Content)), (reply["ETag"], reply["Content-MD5"], reply["x-oss-hash-crc64ecma"]));
        Assert.Empty(reply.Body);
        Assert.Equal(Content, await oss.GetAsync("a"));
    }

    [Theory, OnEachTarget]
    public async Task Stores_nothing_too(string target)
    {
        await using var oss = await StartAsync(target);

        var reply = await oss.PutAsync("empty", []);
        var head = await oss.SendAsync(200, oss.Request("HEAD", "empty"));

        Assert.Equal(("\"D41D8CD98F00B204E9800998ECF8427E\"", "0"), (reply["ETag"], reply["x-oss-hash-crc64ecma"]));
        Assert.Equal("0", head["Content-Length"]);
    }

    [Theory]
    [OnEachTarget("GET")]
    [OnEachTarget("HEAD")]
    public async Task Keeps_headers_and_metadata(string target, string method)
    {
        await using var oss = await StartAsync(target);
        (string Name, string Value)[] headers =
        [
            ("Content-Type", "text/plain"), ("Cache-Control", "no-cache"), ("Content-Disposition", "attachment; filename=\"a.txt\""), ("Content-Encoding", "gzip"),
            ("Content-Language", "de"), ("Expires", "Wed, 01 Jan 2031 00:00:00 GMT"), ("x-oss-meta-name", "value of it"), ("x-oss-meta-other", "2"),
        ];
        await oss.PutAsync("a", Content, headers);

        var reply = await oss.SendAsync(200, oss.Request(method, "a"));

        Assert.Equal(headers, headers.Select(header => (header.Name, reply[header.Name] ?? "")));
    }

    [Theory, OnEachTarget]
    public async Task Takes_a_body_that_is_what_its_MD5_says(string target)
    {
        await using var oss = await StartAsync(target);

        await oss.PutAsync("a", Content, ("Content-MD5", Md5(Content)));

        Assert.Equal(Content, await oss.GetAsync("a"));
    }

    [Theory, OnEachTarget]
    public async Task Refuses_a_body_that_is_not_what_its_MD5_says(string target)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(400, "InvalidDigest", null, oss.Request("PUT", "a", ("Content-MD5", Md5([]))), Content);

        await oss.AssertMissingAsync("a");
    }

    [Theory, OnEachTarget]
    public async Task Takes_a_body_in_chunks(string target)
    {
        await using var oss = await StartAsync(target);
        using var body = new StreamContent(new MemoryStream(Content));
        var request = oss.Request("PUT", "a");
        request.Headers["Transfer-Encoding"] = "chunked";

        var reply = await oss.SendContentAsync(request, body);

        Assert.Equal((200, ETag(Content)), (reply.Status, reply["ETag"]));
        Assert.Equal(Content, await oss.GetAsync("a"));
    }

    [Theory, OnEachTarget]
    public async Task Waits_with_the_body_until_it_is_asked_for(string target)
    {
        await using var oss = await StartAsync(target);

        await oss.PutAsync("a", Content, ("Expect", "100-continue"));

        Assert.Equal(Content, await oss.GetAsync("a"));
    }

    [Theory]
    [OnEachTarget("819199")]
    [OnEachTarget("838860801")]
    public async Task Refuses_a_traffic_limit_that_is_none(string target, string limit)
    {
        await using var oss = await StartAsync(target);

        Assert.Equal(400, (await oss.SendAsync(oss.Request("PUT", "a", ("x-oss-traffic-limit", limit)), Content)).Status);

        await oss.AssertMissingAsync("a");
    }

    [Theory, OnEachTarget]
    public async Task Overwrites_unless_told_not_to(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1], ("x-oss-forbid-overwrite", "true"));

        await oss.RefusedAsync(409, "FileAlreadyExists", null, oss.Request("PUT", "a", ("x-oss-forbid-overwrite", "true")), [2]);
        Assert.Equal([1], await oss.GetAsync("a"));
        await oss.PutAsync("a", [3], ("x-oss-forbid-overwrite", "false"));
        Assert.Equal([3], await oss.GetAsync("a"));
        await oss.PutAsync("a", [4]);
        Assert.Equal([4], await oss.GetAsync("a"));
    }
}
