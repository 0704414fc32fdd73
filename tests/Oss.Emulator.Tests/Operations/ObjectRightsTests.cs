using System.Text;
using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Operations;

/// <summary>Requests that are about other objects than the one they name.</summary>
public sealed class ObjectRightsTests
{
    private const string Policy = """
        {"Version":"1","Statement":[
          {"Effect":"Allow","Action":["oss:PutObject"],"Resource":["acs:oss:*:*:*/*"]},
          {"Effect":"Allow","Action":["oss:GetObject","oss:DeleteObject"],"Resource":["acs:oss:*:*:examplebucket/mine/*"]}]}
        """;

    [Fact]
    public async Task A_list_to_delete_needs_the_right_to_each_object()
    {
        await using var oss = await TestOss.StartAsync(policy: Policy);
        await oss.PutAsync("mine/a", [1]);
        await oss.PutAsync("b", [1]);
        (OssRequest, HttpContent) Delete(params string[] keys)
        {
            var xml = Encoding.UTF8.GetBytes(new Protocol.DeleteMultipleObjects(true, [.. keys.Select(key => (key, (string?)null))]).ToXml());
            return (Request("POST", null, ("Content-MD5", Convert.ToBase64String(TestOss.Md5(xml)))).With("delete", null), new ByteArrayContent(xml));
        }

        var (both, bothBody) = Delete("mine/a", "b");
        var (mine, mineBody) = Delete("mine/a");
        var refused = await oss.RefusedAsync(both, bothBody);
        Assert.Equal((403, "AccessDenied", 2), (refused.HttpStatus, refused.Code, oss.SegmentFiles().Length));
        using var deleted = await oss.SendAsync(200, mine, mineBody);
        Assert.Single(oss.SegmentFiles());
    }

    [Theory]
    [InlineData("/examplebucket/mine/a", 200)]
    [InlineData("/examplebucket/mine%2Fa", 200)]
    [InlineData("/examplebucket/b", 403)]
    [InlineData("/examplebucket/mine/../b", 404)]
    [InlineData("/other-bucket/mine/a", 403)]
    public async Task A_copy_needs_the_right_to_read_its_source(string source, int status)
    {
        await using var oss = await TestOss.StartAsync(policy: Policy);
        await oss.PutAsync("mine/a", [1]);
        await oss.PutAsync("b", [1]);
        using var elsewhere = await oss.SendAsync(200, new OssRequest("PUT", "other-bucket", "mine/a"), new ByteArrayContent([1]));
        var upload = await oss.Client.InitiateMultipartUploadAsync(TestOss.BucketName, "m");

        using var copy = await oss.SendAsync(Request("PUT", "copy", ("x-oss-copy-source", source)));
        using var part = await oss.SendAsync(Request("PUT", "m", ("x-oss-copy-source", source)).With("partNumber", "1").With("uploadId", upload));

        Assert.Equal((status, status), ((int)copy.StatusCode, (int)part.StatusCode));
    }
}
