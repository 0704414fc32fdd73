using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;
using static Oss.Emulator.Tests.Conformance.MultipartUpload;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Conformance;

public sealed class MultipartConformanceTests
{
    [Theory, OnEachTarget]
    public async Task Makes_an_object_of_its_parts(string target)
    {
        await using var oss = await StartAsync(target);
        byte[] first = TestOss.Bytes(Small, 1), second = TestOss.Bytes(7, 2);
        var upload = await InitiateAsync(oss, "m", ("Content-Type", "video/mp4"), ("x-oss-meta-a", "1"));
        var part = await oss.SendAsync(200, upload.Part(1, ("Content-MD5", Md5(first))), first);
        var last = await upload.UploadAsync(2, second);

        var reply = await upload.CompleteAsync((1, part["ETag"]!), last);
        var result = CompleteMultipartUploadResult.Parse(reply.Text);
        var got = await oss.SendAsync(200, oss.Request("GET", "m"));

        Assert.Equal((Crc(first), Md5(first)), (part["x-oss-hash-crc64ecma"], part["Content-MD5"]));
        Assert.Equal((oss.Bucket, oss.Key("m"), reply["ETag"]), (result.Bucket, result.Key, result.ETag));
        Assert.Matches("^\".+-2\"$", result.ETag);
        Assert.EndsWith("m", result.Location, StringComparison.Ordinal);
        Assert.Equal((Crc(first, second), Crc(first, second)), (reply["x-oss-hash-crc64ecma"], got["x-oss-hash-crc64ecma"]));
        Assert.Equal(("video/mp4", "1", result.ETag, "Multipart"), (got["Content-Type"], got["x-oss-meta-a"], got["ETag"], got["x-oss-object-type"]));
        Assert.Equal(Joined(first, second), got.Body);
    }

    [Theory, OnEachTarget]
    public async Task Is_gone_when_it_is_complete(string target)
    {
        await using var oss = await StartAsync(target);
        var upload = await InitiateAsync(oss, "m");
        var part = await upload.UploadAsync(1, [1]);
        await upload.CompleteAsync(part);

        await oss.RefusedAsync(404, "NoSuchUpload", null, upload.Complete(), List(part));
        await oss.RefusedAsync(404, "NoSuchUpload", null, upload.Parts);
        await oss.RefusedAsync(404, "NoSuchUpload", null, upload.Part(2), [2]);
        await oss.RefusedAsync(404, "NoSuchUpload", null, upload.Abort);

        Assert.Equal([1], await oss.GetAsync("m"));
    }

    [Theory, OnEachTarget]
    public async Task Is_gone_when_it_is_aborted(string target)
    {
        await using var oss = await StartAsync(target);
        var upload = await InitiateAsync(oss, "m");
        var part = await upload.UploadAsync(1, [1]);

        await oss.SendAsync(204, upload.Abort);

        await oss.RefusedAsync(404, "NoSuchUpload", null, upload.Abort);
        await oss.RefusedAsync(404, "NoSuchUpload", null, upload.Complete(), List(part));
        await oss.AssertMissingAsync("m");
    }

    [Theory, OnEachTarget]
    public async Task Is_no_object_until_it_is_complete(string target)
    {
        await using var oss = await StartAsync(target);
        var upload = await InitiateAsync(oss, "m");
        await upload.UploadAsync(1, [1]);

        await oss.AssertMissingAsync("m");
    }

    [Theory, OnEachTarget]
    public async Task A_part_sent_again_takes_the_place_of_the_first(string target)
    {
        await using var oss = await StartAsync(target);
        var upload = await InitiateAsync(oss, "m");
        var first = await upload.UploadAsync(1, [1, 1]);
        var second = await upload.UploadAsync(1, [2]);

        await oss.RefusedAsync(400, "InvalidPart", null, upload.Complete(), List(first));
        await upload.CompleteAsync(second);

        Assert.Equal([2], await oss.GetAsync("m"));
    }

    [Theory, OnEachTarget]
    public async Task Drops_parts_that_are_not_listed_and_takes_numbers_with_gaps(string target)
    {
        await using var oss = await StartAsync(target);
        byte[] first = TestOss.Bytes(Small, 1);
        var upload = await InitiateAsync(oss, "m");
        var last = await upload.UploadAsync(10_000, [3]);
        await upload.UploadAsync(7, [2]);
        var begin = await upload.UploadAsync(5, first);

        await upload.CompleteAsync(begin, last);

        Assert.Equal(Joined(first, [3]), await oss.GetAsync("m"));
    }

    [Theory, OnEachTarget]
    public async Task Refuses_lists_of_parts_that_do_not_fit(string target)
    {
        await using var oss = await StartAsync(target);
        var upload = await InitiateAsync(oss, "m");
        var first = await upload.UploadAsync(1, TestOss.Bytes(Small, 1));
        var second = await upload.UploadAsync(2, [2]);
        var third = await upload.UploadAsync(3, [3]);

        await oss.RefusedAsync(400, "InvalidPartOrder", "0042-00000209", upload.Complete(), List(second, first));
        await oss.RefusedAsync(400, "InvalidPart", null, upload.Complete(), List(first, (4, second.ETag)));
        await oss.RefusedAsync(400, "InvalidPart", null, upload.Complete(), List(first, (2, third.ETag)));
        await oss.RefusedAsync(400, "EntityTooSmall", "0042-00000213", upload.Complete(), List(first, second, third));
        await oss.RefusedAsync(400, "MalformedXML", null, upload.Complete(), Utf8("<CompleteMultipartUpload><Part>"));
        await oss.AssertMissingAsync("m");

        await upload.CompleteAsync(first, third);
    }

    [Theory, OnEachTarget]
    public async Task Takes_all_parts_when_told_to(string target)
    {
        await using var oss = await StartAsync(target);
        byte[] first = TestOss.Bytes(Small, 1);
        var upload = await InitiateAsync(oss, "m");
        var last = await upload.UploadAsync(9, [9]);
        var begin = await upload.UploadAsync(2, first);
        var all = ("x-oss-complete-all", "yes");

        Assert.Equal(400, (await oss.SendAsync(upload.Complete(all), List(begin, last))).Status);
        var reply = await oss.SendAsync(200, upload.Complete(all));

        Assert.Equal((oss.Key("m"), Crc(first, [9])), (CompleteMultipartUploadResult.Parse(reply.Text).Key, reply["x-oss-hash-crc64ecma"]));
        Assert.Equal(Joined(first, [9]), await oss.GetAsync("m"));
    }

    [Theory, OnEachTarget]
    public async Task Does_not_overwrite_when_told_not_to(string target)
    {
        await using var oss = await StartAsync(target);
        var careful = ("x-oss-forbid-overwrite", "true");
        var upload = await InitiateAsync(oss, "m", careful);
        var part = await upload.UploadAsync(1, [1]);
        await oss.PutAsync("m", [9]);

        await oss.RefusedAsync(409, "FileAlreadyExists", null, upload.Complete(careful), List(part));
        await oss.RefusedAsync(409, "FileAlreadyExists", null, oss.Request("POST", "m", careful).With("uploads", null));

        Assert.Equal([9], await oss.GetAsync("m"));
    }

    [Theory]
    [OnEachTarget(0)]
    [OnEachTarget(10_001)]
    public async Task Part_numbers_are_1_to_10000(string target, int number)
    {
        await using var oss = await StartAsync(target);
        var upload = await InitiateAsync(oss, "m");

        await oss.RefusedAsync(400, "InvalidArgument", null, upload.Part(number), [1]);
    }

    [Theory, OnEachTarget]
    public async Task Refuses_a_part_that_is_not_what_its_MD5_says(string target)
    {
        await using var oss = await StartAsync(target);
        var upload = await InitiateAsync(oss, "m");

        await oss.RefusedAsync(400, "InvalidDigest", null, upload.Part(1, ("Content-MD5", Md5([]))), [1]);

        Assert.Empty(ListPartsResult.Parse((await oss.SendAsync(200, upload.Parts)).Text).Parts);
    }
}
