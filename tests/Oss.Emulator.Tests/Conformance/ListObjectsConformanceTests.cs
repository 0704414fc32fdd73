using Oss.Emulator.Tests.Buckets;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;

namespace Oss.Emulator.Tests.Conformance;

public sealed class ListObjectsConformanceTests
{
    private static readonly string[] Names = ["a", "a/1", "a/2", "a/b/1", "b", "c/1"];

    private static async Task<ConformanceRun> StoredAsync(string target, params IEnumerable<string> names)
    {
        var oss = await StartAsync(target);
        foreach (var name in names)
        {
            await oss.PutAsync(name, []);
        }

        return oss;
    }

    /// <summary>The entries of a page without the prefix of the run: names first, then common prefixes in brackets.</summary>
    private static string Entries(ConformanceRun oss, ListObjectsV2Result page) => string.Join(
        ' ', page.Objects.Select(listed => listed.Key[oss.Prefix.Length..]).Concat(page.CommonPrefixes.Select(prefix => $"[{prefix[oss.Prefix.Length..]}]")));

    [Theory, OnEachTarget]
    public async Task Says_what_is_stored(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1, 2, 3]);
        var head = await oss.SendAsync(200, oss.Request("HEAD", "a"));

        var page = (await oss.ListAsync("list-type=2")).Xml;
        var entry = Assert.Single(page.Elements("Contents"));

        Assert.Equal((oss.Bucket, oss.Prefix, "false", "1"), (page.Text("Name"), page.Text("Prefix"), page.Text("IsTruncated"), page.Text("KeyCount")));
        Assert.Equal((oss.Key("a"), ETag([1, 2, 3]), "Normal", "3"), (entry.Text("Key"), entry.Text("ETag"), entry.Text("Type"), entry.Text("Size")));
        Assert.Equal((head["x-oss-storage-class"], head["Last-Modified"]), (entry.Text("StorageClass"), DateTimeOffset.Parse(entry.Text("LastModified")!, null).ToString("R")));
        Assert.Null(entry.Element("Owner"));
        Assert.Single((await oss.ListAsync("list-type=2&fetch-owner=true")).Xml.Descendants("Owner"));
    }

    [Theory]
    [OnEachTarget("", "", "a a/1 a/2 a/b/1 b c/1")]
    [OnEachTarget("", "a/", "a/1 a/2 a/b/1")]
    [OnEachTarget("delimiter=/", "", "a b [a/] [c/]")]
    [OnEachTarget("delimiter=/", "a/", "a/1 a/2 [a/b/]")]
    [OnEachTarget("delimiter=/", "a/b", "[a/b/]")]
    [OnEachTarget("", "nothing", "")]
    public async Task Prefix_and_delimiter_choose(string target, string query, string below, string expected)
    {
        await using var oss = await StoredAsync(target, Names);

        var reply = await oss.ListAsync("list-type=2&" + query, below);

        Assert.Equal(expected, Entries(oss, ListObjectsV2Result.Parse(reply.Text)));
        Assert.Equal($"{expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length}", reply.Xml.Text("KeyCount"));
    }

    [Theory]
    [OnEachTarget("a/2", "a/b/1 b c/1")]
    [OnEachTarget("a/3", "a/b/1 b c/1")]
    [OnEachTarget("z", "")]
    public async Task Starts_after_a_key(string target, string after, string expected)
    {
        await using var oss = await StoredAsync(target, Names);

        Assert.Equal(expected, Entries(oss, ListObjectsV2Result.Parse((await oss.ListAsync($"list-type=2&start-after={OssEncoding.Encode(oss.Key(after))}")).Text)));
    }

    [Theory]
    [OnEachTarget("", "a a/1|a/2 a/b/1|b c/1")]
    [OnEachTarget("&delimiter=/", "a [a/]|b [c/]")]
    public async Task Pages_follow_each_other_by_token(string target, string query, string expected)
    {
        await using var oss = await StoredAsync(target, Names);
        var pages = new List<string>();
        for (ListObjectsV2Result? page = null; page is null || page.IsTruncated;)
        {
            var token = page is null ? "" : "&continuation-token=" + OssEncoding.Encode(page.NextContinuationToken!);
            page = ListObjectsV2Result.Parse((await oss.ListAsync($"list-type=2&max-keys=2{query}{token}")).Text);
            pages.Add(Entries(oss, page));
            Assert.InRange(pages.Count, 1, 3);
        }

        Assert.Equal(expected, string.Join('|', pages));
    }

    [Theory, OnEachTarget]
    public async Task Pages_of_the_first_version_follow_each_other_by_marker(string target)
    {
        await using var oss = await StoredAsync(target, Names);

        var first = (await oss.ListAsync("delimiter=/&max-keys=2")).Xml;
        var second = (await oss.ListAsync($"delimiter=/&max-keys=2&marker={OssEncoding.Encode(first.Text("NextMarker")!)}")).Xml;
        var behind = (await oss.ListAsync($"marker={OssEncoding.Encode(oss.Key("a/2"))}")).Xml;

        Assert.Equal((oss.Bucket, "", "2", "/", "true"), (first.Text("Name"), first.Text("Marker"), first.Text("MaxKeys"), first.Text("Delimiter"), first.Text("IsTruncated")));
        Assert.Equal((first.Text("NextMarker"), "false"), (second.Text("Marker"), second.Text("IsTruncated")));
        Assert.Equal([oss.Key("a"), oss.Key("b")], first.Texts("Key").Concat(second.Texts("Key")));
        Assert.Equal([oss.Key("a/"), oss.Key("c/")], first.Elements("CommonPrefixes").Concat(second.Elements("CommonPrefixes")).Select(prefix => prefix.Text("Prefix")));
        Assert.Equal([oss.Key("a/b/1"), oss.Key("b"), oss.Key("c/1")], behind.Texts("Key"));
    }

    [Theory]
    [OnEachTarget("list-type=2&")]
    [OnEachTarget("")]
    public async Task Encodes_what_it_is_asked_to_encode(string target, string version)
    {
        string[] names = [" +%&/x", "!", "a/../b", "中文/文", "😀"];
        await using var oss = await StoredAsync(target, names);

        var keys = await oss.ListAsync(version + "encoding-type=url");
        var groups = await oss.ListAsync(version + "encoding-type=url&delimiter=/", "中");

        Assert.Equal("url", keys.Xml.Text("EncodingType"));
        Assert.Equal(names.Select(oss.Key), keys.Xml.Texts("Key").Select(OssEncoding.Decode));
        Assert.DoesNotContain("中", keys.Text + groups.Text, StringComparison.Ordinal);
        Assert.Equal((oss.Key("中"), "/"), (OssEncoding.Decode(groups.Xml.Text("Prefix")!), OssEncoding.Decode(groups.Xml.Text("Delimiter")!)));
        Assert.Equal(oss.Key("中文/"), OssEncoding.Decode(Assert.Single(groups.Xml.Elements("CommonPrefixes")).Text("Prefix")!));
    }

    [Theory]
    [OnEachTarget("list-type=2&")]
    [OnEachTarget("")]
    public async Task Pages_have_1000_entries_at_most(string target, string version)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(400, "InvalidArgument", null, new OssRequest("GET", oss.Bucket, null) { Query = [.. OssEncoding.ParseQuery(version + "max-keys=1001")] });
    }
}
