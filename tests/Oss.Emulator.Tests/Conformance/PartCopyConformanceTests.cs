using System.Globalization;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;
using static Oss.Emulator.Tests.Conformance.MultipartUpload;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Conformance;

public sealed class PartCopyConformanceTests
{
    private static readonly byte[] Content = TestOss.Bytes(Small + 50);

    private static async Task<(ConformanceRun Oss, MultipartUpload Upload)> StoredAsync(string target)
    {
        var oss = await StartAsync(target);
        await oss.PutAsync("a", Content);
        return (oss, await InitiateAsync(oss, "m"));
    }

    [Theory, OnEachTarget]
    public async Task Makes_parts_of_ranges(string target)
    {
        var (oss, upload) = await StoredAsync(target);
        await using var started = oss;

        var first = CopyResult.ParsePart((await oss.SendAsync(200, upload.Part(1, oss.Source("a"), ("x-oss-copy-source-range", $"bytes=50-{Small + 49}")))).Text);
        var second = CopyResult.ParsePart((await oss.SendAsync(200, upload.Part(2, oss.Source("a"), ("x-oss-copy-source-range", "bytes=0-49")))).Text);
        var stored = await upload.CompleteAsync((1, first.ETag), (2, second.ETag));

        Assert.Equal((ETag(Content[50..]), ETag(Content[..50])), (first.ETag, second.ETag));
        Assert.Equal(Crc(Content[50..], Content[..50]), stored["x-oss-hash-crc64ecma"]);
        Assert.Equal(Joined(Content[50..], Content[..50]), await oss.GetAsync("m"));
    }

    [Theory]
    [OnEachTarget(null)]
    [OnEachTarget("nonsense")]
    public async Task Copies_everything_without_a_range_and_for_one_that_is_none(string target, string? range)
    {
        var (oss, upload) = await StoredAsync(target);
        await using var started = oss;

        var reply = await oss.SendAsync(200, upload.Part(1, [oss.Source("a"), .. range is null ? [] : new[] { ("x-oss-copy-source-range", range) }]));

        Assert.Equal(ETag(Content), CopyResult.ParsePart(reply.Text).ETag);
    }

    [Theory, OnEachTarget]
    public async Task Copies_only_where_the_conditions_hold(string target)
    {
        var (oss, upload) = await StoredAsync(target);
        await using var started = oss;
        var stored = (await oss.SendAsync(200, oss.Request("HEAD", "a")))["Last-Modified"]!;
        var earlier = DateTimeOffset.ParseExact(stored, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).AddHours(-1).ToString("R");
        (string, string)[] failing =
        [
            ("x-oss-copy-source-if-match", ETag([])), ("x-oss-copy-source-if-none-match", ETag(Content)),
            ("x-oss-copy-source-if-modified-since", stored), ("x-oss-copy-source-if-unmodified-since", earlier),
        ];
        (string, string)[] holding = [("x-oss-copy-source-if-match", ETag(Content)), ("x-oss-copy-source-if-unmodified-since", stored)];

        foreach (var condition in failing)
        {
            await oss.RefusedAsync(412, "PreconditionFailed", null, upload.Part(1, oss.Source("a"), condition));
        }

        Assert.Empty(ListPartsResult.Parse((await oss.SendAsync(200, upload.Parts)).Text).Parts);
        await oss.SendAsync(200, upload.Part(1, [oss.Source("a"), .. holding]));
    }

    [Theory, OnEachTarget]
    public async Task Refuses_a_source_or_an_upload_that_is_not_there(string target)
    {
        var (oss, upload) = await StoredAsync(target);
        await using var started = oss;
        var elsewhere = oss.Request("PUT", "m", oss.Source("a")).With("partNumber", "1").With("uploadId", "0004B9895DBBB6EC98E36");

        await oss.RefusedAsync(404, "NoSuchKey", null, upload.Part(1, oss.Source("missing")));
        await oss.RefusedAsync(404, "NoSuchUpload", null, elsewhere);
    }
}
