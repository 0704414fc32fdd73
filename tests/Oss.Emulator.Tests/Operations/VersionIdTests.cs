using System.Text;
using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Operations;

public sealed class VersionIdTests : IDisposable
{
    private const string Header = "x-oss-version-id";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oss-emulator-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<string?> VersionAsync(TestOss oss, int status, OssRequest request, HttpContent? body = null)
    {
        using var response = await oss.SendAsync(status, request, body);
        return TestOss.Header(response, Header);
    }

    [Fact]
    public async Task Every_stored_object_has_one_of_its_own()
    {
        await using var oss = await StartAsync(_folder, "Enabled");

        var put = await VersionAsync(oss, 200, Request("PUT", "a"), new ByteArrayContent([1]));
        var second = await VersionAsync(oss, 200, Request("PUT", "a"), new ByteArrayContent([2]));
        using var copy = await oss.SendAsync(200, Request("PUT", "b", ("x-oss-copy-source", $"/{TestOss.BucketName}/a")));
        var upload = await oss.Client.InitiateMultipartUploadAsync(TestOss.BucketName, "m");
        await oss.Client.UploadPartAsync(TestOss.BucketName, "m", upload, 1, UploadBody.From(new byte[1]));
        var completed = await VersionAsync(oss, 200, Request("POST", "m", ("x-oss-complete-all", "yes")).With("uploadId", upload));

        Assert.Matches("^CAEQ[0-9A-F]{60}$", put);
        Assert.Matches("^CAEQ[0-9A-F]{60}$", completed);
        Assert.Equal(second, TestOss.Header(copy, "x-oss-copy-source-version-id"));
        Assert.Equal(4, new[] { put, second, completed, TestOss.Header(copy, Header) }.Distinct().Count());
        Assert.Equal(second, await VersionAsync(oss, 200, Request("GET", "a")));
        Assert.Equal(second, await VersionAsync(oss, 200, Request("HEAD", "a")));
        Assert.Equal(second, await VersionAsync(oss, 200, Request("HEAD", "a").With("objectMeta", null)));
        Assert.Equal(second, await VersionAsync(oss, 200, Request("GET", "a").With("acl", null)));
        Assert.Equal(second, await VersionAsync(oss, 200, Request("PUT", "a", ("x-oss-object-acl", "private")).With("acl", null)));
        Assert.Equal(second, await VersionAsync(oss, 204, Request("DELETE", "a").With("tagging", null)));
        Assert.Equal("null", await VersionAsync(oss, 200, Request("POST", "log").With("append", null).With("position", "0"), new ByteArrayContent([1])));
    }

    [Fact]
    public async Task Is_null_where_versioning_was_suspended_and_missing_where_it_never_was()
    {
        await using (var oss = await StartAsync(_folder, "Suspended"))
        {
            Assert.Equal("null", await VersionAsync(oss, 200, Request("PUT", "a"), new ByteArrayContent([1])));
            Assert.Equal("null", await VersionAsync(oss, 200, Request("GET", "a")));
        }

        await using (var oss = await StartAsync(_folder))
        {
            Assert.Null(await VersionAsync(oss, 200, Request("PUT", "b"), new ByteArrayContent([1])));
            Assert.Null(await VersionAsync(oss, 204, Request("DELETE", "b")));
        }
    }

    [Fact]
    public async Task A_deleted_object_leaves_a_marker_in_the_reply()
    {
        await using var oss = await StartAsync(_folder, "Enabled");
        await oss.PutAsync("a", [1]);

        using var deleted = await oss.SendAsync(204, Request("DELETE", "a"));
        var xml = Encoding.UTF8.GetBytes("<Delete><Object><Key>a</Key></Object></Delete>");
        using var many = await oss.SendAsync(200, Request("POST", null, ("Content-MD5", Convert.ToBase64String(TestOss.Md5(xml)))).With("delete", null), new ByteArrayContent(xml));
        var marker = DeleteResult.Parse(await many.Content.ReadAsStringAsync()).Deleted.Single().MarkerVersionId;

        Assert.Equal("true", TestOss.Header(deleted, "x-oss-delete-marker"));
        Assert.Matches("^CAEQ[0-9A-F]{60}$", TestOss.Header(deleted, Header));
        Assert.Matches("^CAEQ[0-9A-F]{60}$", marker);
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task The_current_version_can_be_asked_for_and_others_can_not()
    {
        await using var oss = await StartAsync(_folder, "Enabled");
        var version = await VersionAsync(oss, 200, Request("PUT", "a"), new ByteArrayContent([1]));
        OssRequest Versioned(string method, string id) => Request(method, "a").With("versionId", id);

        Assert.Equal(version, await VersionAsync(oss, 200, Versioned("GET", version!)));
        Assert.Equal(version, await VersionAsync(oss, 200, Versioned("HEAD", version!)));
        foreach (var method in (string[])["GET", "DELETE"])
        {
            Assert.Equal((501, "NotImplemented"), await CodeAsync(oss, Versioned(method, "other")));
            Assert.Equal((400, "InvalidArgument"), await CodeAsync(oss, Versioned(method, "")));
        }

        using var deleted = await oss.SendAsync(204, Versioned("DELETE", version!));
        Assert.Equal((version, null), (TestOss.Header(deleted, Header), TestOss.Header(deleted, "x-oss-delete-marker")));
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task Without_versioning_the_version_is_null()
    {
        await using var oss = await StartAsync(_folder);
        await oss.PutAsync("a", [1]);

        using var response = await oss.SendAsync(200, Request("GET", "a").With("versionId", "null"));

        Assert.Equal([1], await response.Content.ReadAsByteArrayAsync());
    }

    private static async Task<(int, string)> CodeAsync(TestOss oss, OssRequest request)
    {
        var error = await oss.RefusedAsync(request);
        return (error.HttpStatus, error.Code);
    }
}
