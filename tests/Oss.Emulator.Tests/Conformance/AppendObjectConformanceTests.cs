using System.Globalization;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Conformance;

public sealed class AppendObjectConformanceTests
{
    private static OssRequest Append(ConformanceRun oss, long position, params (string Name, string Value)[] headers) =>
        oss.Request("POST", "log", headers).With("append", null).With("position", position.ToString(CultureInfo.InvariantCulture));

    [Theory, OnEachTarget]
    public async Task Makes_an_object_that_grows(string target)
    {
        await using var oss = await StartAsync(target);
        byte[] first = TestOss.Bytes(100, 1), second = TestOss.Bytes(50, 2);

        var one = await oss.SendAsync(200, Append(oss, 0, ("Content-Type", "text/plain"), ("x-oss-meta-a", "1")), first);
        var two = await oss.SendAsync(200, Append(oss, 100), second);
        var got = await oss.SendAsync(200, oss.Request("GET", "log"));

        Assert.Equal(("100", Crc(first)), (one["x-oss-next-append-position"], one["x-oss-hash-crc64ecma"]));
        Assert.Equal(("150", Crc(first, second)), (two["x-oss-next-append-position"], two["x-oss-hash-crc64ecma"]));
        Assert.Equal(Joined(first, second), got.Body);
        Assert.Equal(("Appendable", "text/plain", "1", two["ETag"]), (got["x-oss-object-type"], got["Content-Type"], got["x-oss-meta-a"], got["ETag"]));
    }

    [Theory]
    [OnEachTarget(0)]
    [OnEachTarget(2)]
    [OnEachTarget(4)]
    public async Task Refuses_a_position_that_is_not_the_end(string target, int position)
    {
        await using var oss = await StartAsync(target);
        await oss.SendAsync(200, Append(oss, 0), [1, 2, 3]);

        var refused = await oss.RefusedAsync(409, "PositionNotEqualToLength", null, Append(oss, position), [4]);

        Assert.Equal("3", refused["x-oss-next-append-position"]);
        Assert.Equal([1, 2, 3], await oss.GetAsync("log"));
    }

    [Theory, OnEachTarget]
    public async Task Does_not_append_to_what_was_stored_whole(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("log", [1]);

        await oss.RefusedAsync(409, "ObjectNotAppendable", null, Append(oss, 1), [2]);

        Assert.Equal([1], await oss.GetAsync("log"));
    }

    [Theory, OnEachTarget]
    public async Task Refuses_a_piece_that_is_not_what_its_MD5_says(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.SendAsync(200, Append(oss, 0), [1]);

        await oss.RefusedAsync(400, "InvalidDigest", null, Append(oss, 1, ("Content-MD5", Md5([]))), [2]);

        Assert.Equal([1], await oss.GetAsync("log"));
    }
}
