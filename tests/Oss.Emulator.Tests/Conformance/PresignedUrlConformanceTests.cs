using System.Text.RegularExpressions;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;

namespace Oss.Emulator.Tests.Conformance;

public sealed class PresignedUrlConformanceTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private static PresignedUrl Sign(ConformanceRun oss, OssRequest request, DateTimeOffset? time = null, TimeSpan? lifetime = null) =>
        oss.Signer.Presign(request, oss.Endpoint, time ?? Now, lifetime ?? Lifetime);

    private static Task<ConformanceReply> UseAsync(ConformanceRun oss, PresignedUrl url, byte[]? body = null) =>
        oss.SendAsync(url.Method, url.Url, url.Headers, body is null ? null : new ByteArrayContent(body));

    [Theory, OnEachTarget]
    public async Task Stores_and_reads_without_a_key(string target)
    {
        await using var oss = await StartAsync(target);
        var put = Sign(oss, oss.Request("PUT", "a/../1+1=2 100% 中文.txt", ("Content-Type", "text/plain"), ("x-oss-meta-a", "1")));
        var get = Sign(oss, oss.Request("GET", "a/../1+1=2 100% 中文.txt").With("response-content-type", "text/csv"));

        var stored = await UseAsync(oss, put, [1, 2]);
        var read = await UseAsync(oss, get);

        Assert.Equal((200, ETag([1, 2])), (stored.Status, stored["ETag"]));
        Assert.Equal((200, "1", "text/csv"), (read.Status, read["x-oss-meta-a"], read["Content-Type"]));
        Assert.Equal([1, 2], read.Body);
    }

    [Theory]
    [OnEachTarget("PUT")]
    [OnEachTarget("GET")]
    public async Task Ends_with_its_time(string target, string method)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1]);

        Refused(403, "AccessDenied", null, await UseAsync(oss, Sign(oss, oss.Request(method, "a"), Now.AddMinutes(-30), TimeSpan.FromMinutes(1)), method == "PUT" ? [2] : null));

        Assert.Equal([1], await oss.GetAsync("a"));
    }

    [Theory, OnEachTarget]
    public async Task Is_bound_to_its_key_method_type_and_query(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1]);
        var url = Sign(oss, oss.Request("PUT", "a", ("Content-Type", "text/plain")));
        byte[] body = [2];
        Task<ConformanceReply> AlteredAsync(string method, string text, params IEnumerable<KeyValuePair<string, string>> headers) => oss.SendAsync(method, text, headers, new ByteArrayContent(body));

        ConformanceReply[] replies =
        [
            await AlteredAsync("PUT", url.Url.Replace("/a?", "/b?", StringComparison.Ordinal), url.Headers),
            await AlteredAsync("DELETE", url.Url, url.Headers),
            await AlteredAsync("PUT", url.Url, [new("Content-Type", "text/csv")]),
            await AlteredAsync("PUT", url.Url),
            await AlteredAsync("PUT", url.Url, [.. url.Headers, new("x-oss-meta-a", "1")]),
            await AlteredAsync("PUT", url.Url + "&x-oss-traffic-limit=819200", url.Headers),
            await AlteredAsync("PUT", url.Url.Replace("x-oss-expires=600", "x-oss-expires=601", StringComparison.Ordinal), url.Headers),
            await AlteredAsync("PUT", Regex.Replace(url.Url, "x-oss-signature=[0-9a-f]{8}", "x-oss-signature=00000000"), url.Headers),
        ];

        Assert.All(replies, reply => Refused(403, "SignatureDoesNotMatch", "0002-00000040", reply));
        Assert.Equal([1], await oss.GetAsync("a"));
        await oss.AssertMissingAsync("b");
    }

    [Theory]
    [OnEachTarget("x-oss-expires=[0-9]+&", "", "0002-00000215")]
    [OnEachTarget("x-oss-expires=[0-9]+", "x-oss-expires=0", "0002-00000232")]
    [OnEachTarget("x-oss-expires=[0-9]+", "x-oss-expires=604801", "0002-00000232")]
    [OnEachTarget("&x-oss-signature=[0-9a-f]+", "", "0002-00000219")]
    [OnEachTarget("%2Faliyun_v4_request", "", "0002-00000224")]
    public async Task Needs_all_its_parameters(string target, string pattern, string replacement, string ec)
    {
        await using var oss = await StartAsync(target);
        var url = Sign(oss, oss.Request("GET", "a"));

        var reply = await oss.SendAsync("GET", Regex.Replace(url.Url, pattern, replacement), []);

        Assert.Equal(ec, reply["x-oss-ec"]);
    }

    [Theory, OnEachTarget]
    public async Task Belongs_to_the_region_of_the_bucket(string target)
    {
        await using var oss = await StartAsync(target);
        var elsewhere = new V4Signer(oss.AccessKey, oss.Region == "cn-shanghai" ? "cn-beijing" : "cn-shanghai");

        var reply = await UseAsync(oss, elsewhere.Presign(oss.Request("GET", "a"), oss.Endpoint, Now, Lifetime));

        Assert.Equal("0002-00000226", reply["x-oss-ec"]);
    }

    [Theory, OnEachTarget]
    public async Task Can_bind_the_length(string target)
    {
        await using var oss = await StartAsync(target);
        var request = new OssRequest("PUT", oss.Bucket, oss.Key("a")) { Headers = { ["Content-Length"] = "2" }, AdditionalHeaders = ["content-length"] };
        var url = Sign(oss, request);

        Refused(403, "SignatureDoesNotMatch", "0002-00000040", await UseAsync(oss, url, [1, 2, 3]));
        Assert.Equal(200, (await UseAsync(oss, url, [1, 2])).Status);

        Assert.Equal([1, 2], await oss.GetAsync("a"));
    }

    [Theory, OnEachTarget]
    public async Task Can_forbid_to_overwrite(string target)
    {
        await using var oss = await StartAsync(target);
        var url = Sign(oss, oss.Request("PUT", "a", ("x-oss-forbid-overwrite", "true")));

        Assert.Equal(200, (await UseAsync(oss, url, [1])).Status);
        Refused(409, "FileAlreadyExists", null, await UseAsync(oss, url, [2]));

        Assert.Equal([1], await oss.GetAsync("a"));
    }

    [Theory, OnEachTarget]
    public async Task Carries_a_multipart_upload(string target)
    {
        await using var oss = await StartAsync(target);

        var initiated = await UseAsync(oss, Sign(oss, oss.Request("POST", "m").With("uploads", null)));
        var upload = new MultipartUpload(oss, "m", InitiateMultipartUploadResult.Parse(initiated.Text).UploadId);
        var part = await UseAsync(oss, Sign(oss, upload.Part(1)), [1]);
        var completed = await UseAsync(oss, Sign(oss, upload.Complete()), MultipartUpload.List((1, part["ETag"]!)));

        Assert.Equal(200, completed.Status);
        Assert.Equal([1], await oss.GetAsync("m"));
    }
}
