using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>Only what a bucket that blocks public access allows too.</summary>
public sealed class AclAndTaggingConformanceTests
{
    private static async Task<string> GrantAsync(ConformanceRun oss, string name) =>
        AccessControlPolicy.Parse((await oss.SendAsync(200, oss.Request("GET", name).With("acl", null))).Text).Grant;

    private static async Task<(string, string)[]> TagsAsync(ConformanceRun oss, string name) =>
        [.. Tagging.Parse((await oss.SendAsync(200, oss.Request("GET", name).With("tagging", null))).Text).Tags.Select(tag => (tag.Key, tag.Value)).Order()];

    [Theory, OnEachTarget]
    public async Task An_ACL_is_the_buckets_until_it_is_set(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1]);
        await oss.PutAsync("b", [1], ("x-oss-object-acl", "private"));

        Assert.Equal(("default", "private"), (await GrantAsync(oss, "a"), await GrantAsync(oss, "b")));
        await oss.SendAsync(200, oss.Request("PUT", "a", ("x-oss-object-acl", "private")).With("acl", null));
        await oss.SendAsync(200, oss.Request("PUT", "b", ("x-oss-object-acl", "default")).With("acl", null));
        Assert.Equal(("private", "default"), (await GrantAsync(oss, "a"), await GrantAsync(oss, "b")));
        Assert.Equal([1], await oss.GetAsync("a"));
    }

    [Theory, OnEachTarget]
    public async Task Refuses_an_ACL_that_OSS_does_not_have(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1]);

        await oss.RefusedAsync(400, "InvalidArgument", null, oss.Request("PUT", "a", ("x-oss-object-acl", "everybody")).With("acl", null));
        await oss.RefusedAsync(400, "InvalidArgument", null, oss.Request("PUT", "b", ("x-oss-object-acl", "everybody")), [1]);

        await oss.AssertMissingAsync("b");
    }

    [Theory, OnEachTarget]
    public async Task Puts_gets_and_deletes_tags(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1], ("x-oss-tagging", "b%3D1=2%2B%20x&a=1"));

        Assert.Equal([("a", "1"), ("b=1", "2+ x")], await TagsAsync(oss, "a"));
        await oss.SendAsync(200, oss.Request("PUT", "a").With("tagging", null), Utf8(new Tagging([new("c", "3")]).ToXml()));
        Assert.Equal([("c", "3")], await TagsAsync(oss, "a"));
        Assert.Equal("1", (await oss.SendAsync(200, oss.Request("HEAD", "a")))["x-oss-tagging-count"]);
        await oss.SendAsync(204, oss.Request("DELETE", "a").With("tagging", null));
        Assert.Empty(await TagsAsync(oss, "a"));
    }

    [Theory]
    [OnEachTarget("acl")]
    [OnEachTarget("tagging")]
    public async Task What_is_not_there_has_neither(string target, string parameter)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(404, "NoSuchKey", null, oss.Request("GET", "missing").With(parameter, null));
    }
}
