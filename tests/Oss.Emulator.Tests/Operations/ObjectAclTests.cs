using System.Text.Json.Nodes;
using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Operations;

public sealed class ObjectAclTests
{
    private static OssRequest Put(string? acl) => Request("PUT", "a", acl is null ? [] : [("x-oss-object-acl", acl)]).With("acl", null);

    private static async Task<string> GrantAsync(TestOss oss)
    {
        using var response = await oss.SendAsync(200, Request("GET", "a").With("acl", null));
        return AccessControlPolicy.Parse(await response.Content.ReadAsStringAsync()).Grant;
    }

    [Fact]
    public async Task Is_the_buckets_until_it_is_set()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1]);
        var get = Request("GET", "a");

        Assert.Equal("default", await GrantAsync(oss));
        Assert.Equal(403, await oss.StatusWithoutSignatureAsync(get));
        foreach (var (acl, status) in new[] { ("public-read", 200), ("public-read-write", 200), ("private", 403), ("default", 403) })
        {
            using var put = await oss.SendAsync(200, Put(acl));
            Assert.Equal((acl, acl), (acl, await GrantAsync(oss)));
            Assert.Equal((acl, status), (acl, await oss.StatusWithoutSignatureAsync(get)));
        }
    }

    [Fact]
    public async Task Changing_it_changes_nothing_else()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1, 2], ("x-oss-meta-m", "1"), ("x-oss-tagging", "k=v"));
        var stored = oss.Clock.GetUtcNow();
        oss.Clock.Advance(TimeSpan.FromMinutes(1));

        using var put = await oss.SendAsync(200, Put("public-read"));
        using var head = await oss.HeadAsync("a");

        Assert.Equal((stored.ToString("R"), "1", "1"), (TestOss.Header(head, "Last-Modified"), TestOss.Header(head, "x-oss-meta-m"), TestOss.Header(head, "x-oss-tagging-count")));
        Assert.Equal([1, 2], await TestOss.DownloadAsync(oss.Client, "a"));
        Assert.Single(oss.SegmentFiles());
    }

    [Theory]
    [InlineData("everybody")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Refuses_values_that_OSS_does_not_have(string? acl)
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1]);

        var error = await oss.RefusedAsync(Put(acl));

        Assert.Equal((400, "InvalidArgument"), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task An_object_that_is_not_there_has_none()
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Equal("NoSuchKey", (await oss.RefusedAsync(Put("private"))).Code);
        Assert.Equal("NoSuchKey", (await oss.RefusedAsync(Request("GET", "a").With("acl", null))).Code);
    }

    [Fact]
    public async Task Is_nothing_for_anonymous_callers_to_see_or_to_change()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        await using (var oss = await StartAsync(folder, acl: "public-read-write"))
        {
            await oss.PutAsync("a", [1]);

            Assert.Equal(403, await oss.StatusWithoutSignatureAsync(Request("GET", "a").With("acl", null)));
            Assert.Equal(403, await oss.StatusWithoutSignatureAsync(Put("private")));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Anonymous_callers_copy_what_they_may_read()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        await using (var oss = await StartAsync(folder, acl: "public-read-write"))
        {
            await oss.PutAsync("open", [1]);
            await oss.PutAsync("closed", [1], ("x-oss-object-acl", "private"));

            Assert.Equal(200, await oss.StatusWithoutSignatureAsync(Request("PUT", "x", ("x-oss-copy-source", "/examplebucket/open"))));
            Assert.Equal(403, await oss.StatusWithoutSignatureAsync(Request("PUT", "x", ("x-oss-copy-source", "/examplebucket/closed"))));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Survives_from_records_that_had_it_among_the_headers()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            await oss.PutAsync("a", [1]);
        }

        var file = Directory.GetFiles(Path.Combine(folder.FullName, "buckets", TestOss.BucketName, "objects")).Single();
        var record = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        record.Remove("acl");
        record.Remove("tags");
        record.Remove("versionId");
        record["headers"]!["x-oss-object-acl"] = "public-read";
        File.WriteAllText(file, record.ToJsonString());

        await using (var oss = await TestOss.StartAsync(folder.FullName))
        {
            Assert.Equal("public-read", await GrantAsync(oss));
            Assert.Equal(200, await oss.StatusWithoutSignatureAsync(Request("GET", "a")));
        }

        folder.Delete(recursive: true);
    }
}
