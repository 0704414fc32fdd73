using System.Globalization;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Conformance;

public sealed class CopyObjectConformanceTests
{
    private static readonly byte[] Content = TestOss.Bytes(1000);

    private static async Task<ConformanceRun> StoredAsync(string target)
    {
        var oss = await StartAsync(target);
        await oss.PutAsync("a", Content, ("Content-Type", "text/plain"), ("x-oss-meta-m", "1"), ("x-oss-tagging", "k=v"));
        return oss;
    }

    private static OssRequest Copy(ConformanceRun oss, string to, params (string Name, string Value)[] headers) => oss.Request("PUT", to, [oss.Source("a"), .. headers]);

    private static async Task<(string?, string?, string?, string?)> PropertiesAsync(ConformanceRun oss, string name)
    {
        var head = await oss.SendAsync(200, oss.Request("HEAD", name));
        return (head["Content-Type"], head["x-oss-meta-m"], head["x-oss-meta-n"], head["x-oss-tagging-count"]);
    }

    [Theory, OnEachTarget]
    public async Task Makes_an_object_of_another(string target)
    {
        await using var oss = await StoredAsync(target);

        var result = CopyResult.ParseObject((await oss.SendAsync(200, Copy(oss, "b"))).Text);
        var copy = await oss.SendAsync(200, oss.Request("GET", "b"));

        Assert.Equal(ETag(Content), result.ETag);
        Assert.Equal(copy["Last-Modified"], result.LastModified.ToString("R"));
        Assert.Equal((ETag(Content), Crc(Content)), (copy["ETag"], copy["x-oss-hash-crc64ecma"]));
        Assert.Equal(Content, copy.Body);
        Assert.Equal(("text/plain", "1", null, "1"), await PropertiesAsync(oss, "b"));
    }

    [Theory]
    [OnEachTarget("COPY", "COPY", "text/plain", "1", null, "1")]
    [OnEachTarget("REPLACE", "Copy", "text/csv", null, "2", "1")]
    [OnEachTarget("REPLACE", "Replace", "text/csv", null, "2", "2")]
    public async Task Takes_metadata_and_tags_from_where_it_is_told_to(
        string target, string metadata, string tagging, string type, string? ofSource, string? ofRequest, string tags)
    {
        await using var oss = await StoredAsync(target);

        await oss.SendAsync(200, Copy(
            oss, "b", ("x-oss-metadata-directive", metadata), ("x-oss-tagging-directive", tagging), ("Content-Type", "text/csv"), ("x-oss-meta-n", "2"), ("x-oss-tagging", "x=1&y=2")));

        Assert.Equal((type, ofSource, ofRequest, tags), await PropertiesAsync(oss, "b"));
    }

    [Theory, OnEachTarget]
    public async Task Changes_the_metadata_of_an_object_by_a_copy_onto_itself(string target)
    {
        await using var oss = await StoredAsync(target);

        await oss.SendAsync(200, Copy(oss, "a", ("x-oss-metadata-directive", "REPLACE"), ("Content-Type", "text/csv"), ("x-oss-meta-n", "2")));

        var (type, ofSource, ofRequest, _) = await PropertiesAsync(oss, "a");
        Assert.Equal(("text/csv", null, "2"), (type, ofSource, ofRequest));
        Assert.Equal(Content, await oss.GetAsync("a"));
    }

    [Theory, OnEachTarget]
    public async Task Copies_only_where_the_conditions_hold(string target)
    {
        await using var oss = await StoredAsync(target);
        var stored = (await oss.SendAsync(200, oss.Request("HEAD", "a")))["Last-Modified"]!;
        var earlier = DateTimeOffset.ParseExact(stored, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).AddHours(-1).ToString("R");
        ((string, string) Header, int[] Statuses)[] cases =
        [
            (("x-oss-copy-source-if-match", ETag([])), [412]), (("x-oss-copy-source-if-unmodified-since", earlier), [412]),

            // As a read of the source, or as a write of the copy: OSS's pages show both.
            (("x-oss-copy-source-if-none-match", ETag(Content)), [304, 412]), (("x-oss-copy-source-if-modified-since", stored), [304, 412]),
            (("x-oss-copy-source-if-match", ETag(Content)), [200]), (("x-oss-copy-source-if-none-match", ETag([])), [200]),
            (("x-oss-copy-source-if-unmodified-since", stored), [200]), (("x-oss-copy-source-if-modified-since", earlier), [200]),
        ];

        foreach (var (header, statuses) in cases)
        {
            var reply = await oss.SendAsync(Copy(oss, "b", header));
            Assert.True(statuses.Contains(reply.Status), $"{header}: {reply.Status} {reply.Text}");
            Assert.Equal((header, statuses[0] == 200 ? 200 : 404), (header, (await oss.SendAsync(oss.Request("HEAD", "b"))).Status));
        }
    }

    [Theory, OnEachTarget]
    public async Task Does_not_overwrite_when_told_not_to(string target)
    {
        await using var oss = await StoredAsync(target);
        await oss.PutAsync("b", [1]);

        await oss.RefusedAsync(409, "FileAlreadyExists", null, Copy(oss, "b", ("x-oss-forbid-overwrite", "true")));

        Assert.Equal([1], await oss.GetAsync("b"));
    }

    [Theory, OnEachTarget]
    public async Task Refuses_a_source_that_is_not_there(string target)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(404, "NoSuchKey", null, Copy(oss, "b"));

        await oss.AssertMissingAsync("b");
    }
}
