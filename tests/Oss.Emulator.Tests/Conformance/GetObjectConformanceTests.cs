using System.Globalization;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Conformance;

public sealed class GetObjectConformanceTests
{
    private static readonly byte[] Content = TestOss.Bytes(1000);

    private static async Task<ConformanceRun> StoredAsync(string target)
    {
        var oss = await StartAsync(target);
        await oss.PutAsync("a", Content, ("Content-Type", "text/plain"));
        return oss;
    }

    [Theory]
    [OnEachTarget("GET")]
    [OnEachTarget("HEAD")]
    public async Task Says_what_is_stored(string target, string method)
    {
        await using var oss = await StoredAsync(target);

        var reply = await oss.SendAsync(200, oss.Request(method, "a"));

        Assert.Equal(("1000", ETag(Content), Crc(Content)), (reply["Content-Length"], reply["ETag"], reply["x-oss-hash-crc64ecma"]));
        Assert.Equal(("text/plain", "Normal"), (reply["Content-Type"], reply["x-oss-object-type"]));
        Assert.False(string.IsNullOrEmpty(reply["x-oss-storage-class"]));
        Assert.InRange(DateTimeOffset.ParseExact(reply["Last-Modified"]!, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), Now.AddMinutes(-15), Now.AddMinutes(15));
        Assert.Equal(method == "HEAD" ? [] : Content, reply.Body);
    }

    [Theory]
    [OnEachTarget("bytes=0-0", 0, 1)]
    [OnEachTarget("bytes=0-999", 0, 1000)]
    [OnEachTarget("bytes=100-199", 100, 100)]
    [OnEachTarget("bytes=500-", 500, 500)]
    [OnEachTarget("bytes=-10", 990, 10)]
    public async Task Sends_a_range(string target, string range, int offset, int length)
    {
        await using var oss = await StoredAsync(target);

        var reply = await oss.SendAsync(206, oss.Request("GET", "a", ("Range", range)));

        Assert.Equal(Content[offset..(offset + length)], reply.Body);
        Assert.Equal($"bytes {offset}-{offset + length - 1}/1000", reply["Content-Range"]);
        Assert.Equal(Crc(Content), reply["x-oss-hash-crc64ecma"]);
    }

    [Theory]
    [OnEachTarget("GET")]
    [OnEachTarget("HEAD")]
    public async Task Answers_the_conditions_of_the_request(string target, string method)
    {
        await using var oss = await StoredAsync(target);
        var stored = (await oss.SendAsync(200, oss.Request("HEAD", "a")))["Last-Modified"]!;
        var earlier = DateTimeOffset.ParseExact(stored, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).AddHours(-1).ToString("R");
        ((string, string) Header, int Status)[] cases =
        [
            (("If-Match", ETag(Content)), 200), (("If-Match", ETag([])), 412), (("If-None-Match", ETag(Content)), 304), (("If-None-Match", ETag([])), 200),
            (("If-Modified-Since", stored), 304), (("If-Modified-Since", earlier), 200), (("If-Unmodified-Since", stored), 200), (("If-Unmodified-Since", earlier), 412),
        ];

        foreach (var (header, status) in cases)
        {
            var reply = await oss.SendAsync(oss.Request(method, "a", header));
            Assert.Equal((header, status), (header, reply.Status));
            Assert.Equal(status == 412 ? "PreconditionFailed" : null, status == 412 ? reply.Error.Code : null);
        }
    }

    [Theory, OnEachTarget]
    public async Task Says_in_short_what_is_stored(string target)
    {
        await using var oss = await StoredAsync(target);

        var reply = await oss.SendAsync(200, oss.Request("HEAD", "a").With("objectMeta", null));

        Assert.Equal(("1000", ETag(Content)), (reply["Content-Length"], reply["ETag"]));
        Assert.Equal((await oss.SendAsync(200, oss.Request("HEAD", "a")))["Last-Modified"], reply["Last-Modified"]);
    }

    [Theory, OnEachTarget]
    public async Task Says_what_the_query_wants_to_hear(string target)
    {
        await using var oss = await StoredAsync(target);

        var reply = await oss.SendAsync(200, oss.Request("GET", "a").With("response-content-type", "text/csv").With("response-content-disposition", "attachment; filename=b.csv")
            .With("response-cache-control", "no-store"));

        Assert.Equal(("text/csv", "attachment; filename=b.csv", "no-store"), (reply["Content-Type"], reply["Content-Disposition"], reply["Cache-Control"]));
    }

    [Theory]
    [OnEachTarget("GET", null)]
    [OnEachTarget("HEAD", null)]
    [OnEachTarget("HEAD", "objectMeta")]
    public async Task Says_that_there_is_no_such_key(string target, string method, string? parameter)
    {
        await using var oss = await StartAsync(target);
        var request = oss.Request(method, "missing");

        await oss.RefusedAsync(404, "NoSuchKey", null, parameter is null ? request : request.With(parameter, null));
    }
}
