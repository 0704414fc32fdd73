using System.Text;
using Oss.Protocol;
using static Oss.Emulator.Tests.Operations.ObjectRequests;

namespace Oss.Emulator.Tests.Operations;

public sealed class DeleteMultipleObjectsTests
{
    private static string List(params string[] keys) => new Protocol.DeleteMultipleObjects(false, [.. keys.Select(key => (key, (string?)null))]).ToXml();

    private static (OssRequest Request, HttpContent Body) Delete(string xml, string? encoding = null)
    {
        var bytes = Encoding.UTF8.GetBytes(xml);
        var request = Request("POST", null, ("Content-MD5", Convert.ToBase64String(TestOss.Md5(bytes)))).With("delete", null);
        return (encoding is null ? request : request.With("encoding-type", encoding), new ByteArrayContent(bytes));
    }

    private static Task<OssError> RefusedAsync(TestOss oss, string xml)
    {
        var (request, body) = Delete(xml);
        return oss.RefusedAsync(request, body);
    }

    [Fact]
    public async Task Deletes_what_is_there_and_what_is_not()
    {
        await using var oss = await TestOss.StartAsync();
        string[] keys = ["a", "a/../b", "1+1=2 100%.txt", " ", " blank ", "<&>\"'", "中文/😀", "line\nfeed", "carriage\rreturn", "not there", "a"];
        foreach (var key in keys[..^2])
        {
            await oss.PutAsync(key, [1]);
        }

        await oss.PutAsync("kept", [1]);
        var (request, body) = Delete(List(keys));

        using var response = await oss.SendAsync(200, request, body);
        var deleted = DeleteResult.Parse(await response.Content.ReadAsStringAsync()).Deleted;

        Assert.Equal("application/xml", TestOss.Header(response, "Content-Type"));
        Assert.Equal(keys, deleted.Select(item => item.Key));
        Assert.Single(oss.SegmentFiles());
        Assert.Equal([1], await TestOss.DownloadAsync(oss.Client, "kept"));
    }

    [Fact]
    public async Task Encodes_keys_when_told_to()
    {
        await using var oss = await TestOss.StartAsync();
        var (request, body) = Delete(List("a b/中"), "url");

        using var response = await oss.SendAsync(200, request, body);
        var xml = await response.Content.ReadAsStringAsync();

        Assert.Contains("<EncodingType>url</EncodingType>", xml, StringComparison.Ordinal);
        Assert.Contains("<Key>a%20b%2F%E4%B8%AD</Key>", xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_nothing_when_told_to_be_quiet()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1]);
        var (request, body) = Delete("<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object></Delete>");

        using var response = await oss.SendAsync(200, request, body);

        Assert.Equal(("0", ""), (TestOss.Header(response, "Content-Length"), await response.Content.ReadAsStringAsync()));
        Assert.Null(await oss.Client.HeadObjectAsync(TestOss.BucketName, "a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<Delete>")]
    [InlineData("<Delete/>")]
    [InlineData("<Delete><Quiet>false</Quiet></Delete>")]
    [InlineData("<Delete><Object/></Delete>")]
    [InlineData("<Delete><Quiet>maybe</Quiet><Object><Key>a</Key></Object></Delete>")]
    [InlineData("<Other><Object><Key>a</Key></Object></Other>")]
    public async Task Refuses_what_is_no_list(string xml)
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1]);

        var error = await RefusedAsync(oss, xml);

        Assert.Equal((400, "MalformedXML"), (error.HttpStatus, error.Code));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Deletes_1000_objects_at_most()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("0", [1]);
        var keys = Enumerable.Range(0, 1001).Select(number => $"{number}").ToArray();
        var (request, body) = Delete(List(keys[..1000]));

        var error = await RefusedAsync(oss, List(keys));
        Assert.Single(oss.SegmentFiles());
        using var response = await oss.SendAsync(200, request, body);

        Assert.Equal((400, "MalformedXML"), (error.HttpStatus, error.Code));
        Assert.Equal(1000, DeleteResult.Parse(await response.Content.ReadAsStringAsync()).Deleted.Count);
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task Reads_2_MB_at_most()
    {
        await using var oss = await TestOss.StartAsync();

        var error = await RefusedAsync(oss, $"<Delete><!--{new string('x', 2 * 1024 * 1024)}--><Object><Key>a</Key></Object></Delete>");

        Assert.Equal((400, "MalformedXML"), (error.HttpStatus, error.Code));
    }

    [Fact]
    public async Task Wants_a_checksum_that_is_right_and_a_length()
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1]);
        var without = Request("POST", null).With("delete", null);
        var wrong = Request("POST", null, ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")).With("delete", null);
        var (chunked, _) = Delete(List("a"));
        chunked.Headers["Transfer-Encoding"] = "chunked";

        var missing = await oss.RefusedAsync(without, Xml(List("a")));
        var mismatch = await oss.RefusedAsync(wrong, Xml(List("a")));
        var length = await oss.RefusedAsync(chunked, new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(List("a")))));

        Assert.Equal((411, "MissingArgument", "0016-00000606"), (missing.HttpStatus, missing.Code, missing.Ec));
        Assert.Contains(missing.Details, detail => detail is { Key: "ArgumentName", Value: "Content-MD5" });
        Assert.Equal((400, "InvalidDigest"), (mismatch.HttpStatus, mismatch.Code));
        Assert.Equal((411, "MissingContentLength"), (length.HttpStatus, length.Code));
        Assert.Single(oss.SegmentFiles());
    }

    [Theory]
    [InlineData("<Key></Key>", 400, "InvalidObjectName")]
    [InlineData("<Key>/a</Key>", 400, "InvalidObjectName")]
    [InlineData("<Key>a</Key><VersionId></VersionId>", 400, "InvalidArgument")]
    [InlineData("<Key>a</Key><VersionId>other</VersionId>", 501, "NotImplemented")]
    public async Task A_list_that_is_wrong_in_one_place_deletes_nothing(string wrong, int status, string code)
    {
        await using var oss = await TestOss.StartAsync();
        await oss.PutAsync("a", [1]);

        var error = await RefusedAsync(oss, $"<Delete><Object><Key>a</Key></Object><Object>{wrong}</Object></Delete>");

        Assert.Equal((status, code), (error.HttpStatus, error.Code));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task Asks_for_the_right_to_each_object()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        await using (var oss = await StartAsync(folder, acl: "public-read-write"))
        {
            await oss.PutAsync("open", [1]);
            await oss.PutAsync("closed", [1], ("x-oss-object-acl", "private"));
            var (both, bothBody) = Delete(List("open", "closed"));
            var (one, oneBody) = Delete(List("open"));

            Assert.Equal(403, await oss.StatusWithoutSignatureAsync(both, bothBody));
            Assert.Equal(2, oss.SegmentFiles().Length);
            Assert.Equal(200, await oss.StatusWithoutSignatureAsync(one, oneBody));
            Assert.Single(oss.SegmentFiles());
        }

        folder.Delete(recursive: true);
    }
}
