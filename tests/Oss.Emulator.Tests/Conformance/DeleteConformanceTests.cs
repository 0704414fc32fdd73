using Oss.Emulator.Tests.Buckets;
using Oss.Protocol;
using static Oss.Emulator.Tests.Conformance.ConformanceRun;

namespace Oss.Emulator.Tests.Conformance;

public sealed class DeleteConformanceTests
{
    private static (OssRequest Request, byte[] Body) Delete(ConformanceRun oss, bool quiet, params string[] names)
    {
        var body = Utf8(new Protocol.DeleteMultipleObjects(quiet, [.. names.Select(name => (oss.Key(name), (string?)null))]).ToXml());
        return (oss.Request("POST", null, ("Content-MD5", Md5(body))).With("delete", null), body);
    }

    [Theory, OnEachTarget]
    public async Task Deletes_what_is_there_and_what_is_not(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1]);
        await oss.PutAsync("kept", [2]);

        await oss.SendAsync(204, oss.Request("DELETE", "a"));
        await oss.AssertMissingAsync("a");
        await oss.SendAsync(204, oss.Request("DELETE", "a"));
        await oss.SendAsync(204, oss.Request("DELETE", "never there"));

        Assert.Equal([2], await oss.GetAsync("kept"));
    }

    [Theory, OnEachTarget]
    public async Task Deletes_many_and_says_which(string target)
    {
        await using var oss = await StartAsync(target);
        string[] names = ["a", "b/../c", "1+1=2 100%.txt", "<&>\"'", "中文/😀", "never there"];
        foreach (var name in names[..^1])
        {
            await oss.PutAsync(name, [1]);
        }

        await oss.PutAsync("kept", [2]);
        var (request, body) = Delete(oss, quiet: false, names);

        var reply = await oss.SendAsync(200, request, body);

        Assert.Equal(names.Select(oss.Key).Order(StringComparer.Ordinal), DeleteResult.Parse(reply.Text).Deleted.Select(deleted => deleted.Key).Order(StringComparer.Ordinal));
        Assert.Equal([oss.Key("kept")], (await oss.ListAsync("list-type=2")).Xml.Texts("Key"));
    }

    [Theory, OnEachTarget]
    public async Task Encodes_the_keys_that_it_deleted_when_told_to(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a b+中", [1]);
        var (request, body) = Delete(oss, quiet: false, "a b+中");

        var reply = await oss.SendAsync(200, request.With("encoding-type", "url"), body);

        Assert.Equal("url", reply.Xml.Text("EncodingType"));
        Assert.Equal(oss.Key("a b+中"), OssEncoding.Decode(Assert.Single(reply.Xml.Texts("Key"))));
        Assert.DoesNotContain("中", reply.Text, StringComparison.Ordinal);
    }

    [Theory, OnEachTarget]
    public async Task Deletes_many_quietly(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1]);
        await oss.PutAsync("b", [1]);
        var (request, body) = Delete(oss, quiet: true, "a", "b", "never there");

        var reply = await oss.SendAsync(200, request, body);

        Assert.DoesNotContain("<Deleted>", reply.Text, StringComparison.Ordinal);
        await oss.AssertMissingAsync("a");
        await oss.AssertMissingAsync("b");
    }

    [Theory, OnEachTarget]
    public async Task Deletes_nothing_without_the_right_MD5(string target)
    {
        await using var oss = await StartAsync(target);
        await oss.PutAsync("a", [1]);
        var (wrong, body) = Delete(oss, quiet: false, "a");
        wrong.Headers["Content-MD5"] = Md5([]);
        var (without, _) = Delete(oss, quiet: false, "a");
        without.Headers.Remove("Content-MD5");

        await oss.RefusedAsync(400, "InvalidDigest", null, wrong, body);
        Assert.InRange((await oss.SendAsync(without, body)).Status, 400, 499);

        Assert.Equal([1], await oss.GetAsync("a"));
    }

    [Theory]
    [OnEachTarget("")]
    [OnEachTarget("<Delete><Object><Key>a</Key>")]
    public async Task Refuses_what_is_no_list(string target, string xml)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(400, "MalformedXML", null, oss.Request("POST", null, ("Content-MD5", Md5(Utf8(xml)))).With("delete", null), Utf8(xml));
    }
}
