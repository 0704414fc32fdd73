using Oss.Emulator.Tests.Buckets;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>To OSS a key is text: nothing in it is a path, an escape or a blank to be trimmed.</summary>
public sealed class OddKeysConformanceTests
{
    [Theory]
    [OnEachTarget("a/../b")]
    [OnEachTarget("./a")]
    [OnEachTarget("a/.")]
    [OnEachTarget("..")]
    [OnEachTarget("a//b")]
    [OnEachTarget("//a")]
    [OnEachTarget("a/")]
    [OnEachTarget("1+1=2")]
    [OnEachTarget("100%")]
    [OnEachTarget("%41")]
    [OnEachTarget("a%2Fb%252F")]
    [OnEachTarget("two  blanks and one at the end ")]
    [OnEachTarget("a\\b")]
    [OnEachTarget("?x=1&y#z;:@")]
    [OnEachTarget("<&>\"'")]
    [OnEachTarget("~!*'()-_.$,[]{}|^`")]
    [OnEachTarget("中文/文件.txt")]
    [OnEachTarget("😀")]
    [OnEachTarget("e\u0301 and \u00E9")]
    public async Task Go_through_every_operation(string target, string name)
    {
        await using var oss = await StartAsync(target);

        await oss.PutAsync(name, [1, 2]);
        Assert.Equal([1, 2], await oss.GetAsync(name));
        Assert.Equal("2", (await oss.SendAsync(200, oss.Request("HEAD", name)))["Content-Length"]);
        Assert.Equal([oss.Key(name)], ListObjectsV2Result.Parse((await oss.ListAsync("list-type=2&encoding-type=url")).Text).Objects.Select(listed => listed.Key));
        Assert.Equal([oss.Key(name)], (await oss.ListAsync("list-type=2", name)).Xml.Texts("Key"));

        await oss.SendAsync(200, oss.Request("PUT", "copy", oss.Source(name)));
        await oss.SendAsync(200, oss.Request("PUT", name + "2", oss.Source("copy")));
        Assert.Equal([1, 2], await oss.GetAsync(name + "2"));

        await oss.SendAsync(204, oss.Request("DELETE", name));
        await oss.AssertMissingAsync(name);
        Assert.Equal(
            new[] { oss.Key("copy"), oss.Key(name + "2") }.Order(StringComparer.Ordinal), (await oss.ListAsync("list-type=2")).Xml.Texts("Key").Order(StringComparer.Ordinal));
    }
}
