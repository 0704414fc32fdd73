using System.Net;
using System.Text;
using System.Xml.Linq;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Forms;

public sealed class FormFieldsTests
{
    private const string Bucket = TestOss.BucketName;
    private static readonly byte[] File = TestOss.Bytes(1000);

    private static async Task<OssError> RefusalAsync(TestOss oss, byte[] body, string? contentType = null) => await TestOss.ErrorAsync(await TestForm.PostAsync(oss, body, contentType));

    [Fact]
    public async Task Fields_become_the_headers_of_the_object()
    {
        await using var oss = await TestOss.StartAsync();
        (string Name, string Value)[] fields =
        [
            ("Cache-Control", "no-cache"), ("Content-Disposition", "attachment;filename=oss 下载.jpg"), ("Content-Encoding", "br"), ("Expires", "Wed, 01 Jan 2031 00:00:00 GMT"),
            ("x-oss-meta-UUID", "my uuid"), ("x-oss-storage-class", "IA"), ("x-oss-object-acl", "private"),
        ];

        using var response = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k"), .. fields]).Fields, File));
        using var head = await oss.SendAsync(new OssRequest("HEAD", Bucket, "k"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(
            ("no-cache", "br", "Wed, 01 Jan 2031 00:00:00 GMT", "my uuid", "IA"),
            (TestOss.Header(head, "Cache-Control"), TestOss.Header(head, "Content-Encoding"), TestOss.Header(head, "Expires"), TestOss.Header(head, "x-oss-meta-uuid"), TestOss.Header(head, "x-oss-storage-class")));
        Assert.StartsWith("attachment;", TestOss.Header(head, "Content-Disposition"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-oss-content-type", "", "image/png", "image/png")]
    [InlineData("Content-Type", "", null, "application/octet-stream")]
    [InlineData("X-OSS-CONTENT-TYPE", "a/b", "image/png", "a/b")]
    [InlineData("content-type", "a/b", "", "a/b")]
    public async Task An_empty_content_type_is_none(string field, string value, string? ofFile, string expected)
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k"), (field, value)]).Fields, File, fileType: ofFile));

        Assert.Equal(expected, (await oss.Client.HeadObjectAsync(Bucket, "k"))?.ContentType);
    }

    [Theory]
    [InlineData("x-oss-content-type", "a/b\r\nx: y")]
    [InlineData("Content-Type", "a/b\u0001")]
    [InlineData("Cache-Control", "no-cache\nx: y")]
    [InlineData("x-oss-meta-a", "1\r\n2")]
    [InlineData("x-oss-meta-a b", "1")]
    [InlineData("x-oss-meta-a_b", "1")]
    [InlineData("x-oss-meta-中", "1")]
    [InlineData("x-oss-object-acl", "everybody")]
    [InlineData("x-oss-storage-class", "Cheap")]
    public async Task What_no_header_can_be_is_refused(string field, string value)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await RefusalAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k"), (field, value)]).Fields, File, fileType: null));

        Assert.Equal((400, "InvalidArgument"), (error.HttpStatus, error.Code));
        Assert.Empty(oss.SegmentFiles());
    }

    [Theory]
    [InlineData("a b.txt", "up/a b.txt")]
    [InlineData("dir/sub/../f.txt", "up/dir/sub/../f.txt")]
    [InlineData("C:\\\\Users\\new\\文件😀.txt", "up/C:\\\\Users\\new\\文件😀.txt")]
    [InlineData("say \\\"hi\\\".txt", "up/say \"hi\".txt")]
    [InlineData("50%25+;=.txt", "up/50%25+;=.txt")]
    [InlineData("", "up/")]
    public async Task The_file_name_is_taken_literally(string fileName, string key)
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss).Fields, File, fileName));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(File, await TestOss.DownloadAsync(oss.Client, key));
    }

    [Theory]
    [InlineData("${filename}/${filename}", "a${filename}b/a${filename}b")]
    [InlineData("${Filename}-${file", "${Filename}-${file")]
    public async Task The_variable_is_replaced_wherever_it_stands_and_once(string key, string expected)
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", key)]).Fields, File, "a${filename}b"));

        Assert.Equal(File, await TestOss.DownloadAsync(oss.Client, expected));
    }

    [Theory]
    [InlineData("", "0016-00000002")]
    [InlineData("/a", "0016-00000005")]
    [InlineData("\\a", "0016-00000005")]
    public async Task A_key_that_cannot_be_is_refused(string key, string ec)
    {
        await using var oss = await TestOss.StartAsync();
        var longest = new string('k', 1023);

        var error = await RefusalAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", key)]).Fields, File));
        var tooLong = await RefusalAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k${filename}")]).Fields, File, longest));
        using var most = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "${filename}")]).Fields, File, longest));

        Assert.Equal((400, "InvalidObjectName", ec), (error.HttpStatus, error.Code, error.Ec));
        Assert.Equal("InvalidObjectName", tooLong.Code);
        Assert.Equal(HttpStatusCode.NoContent, most.StatusCode);
    }

    [Fact]
    public async Task Names_of_fields_are_the_same_in_any_case()
    {
        await using var oss = await TestOss.StartAsync();
        var body = TestForm.Body(TestForm.Sign(oss, fields: [("key", "k"), ("success_action_status", "200")]).Fields.Select(field => KeyValuePair.Create(field.Key.ToUpperInvariant(), field.Value)), null, end: "");
        var file = TestForm.Body([], File);

        using var response = await TestForm.PostAsync(oss, [.. body, .. Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(file[..120]).Replace("\"file\"", "\"FILE\"", StringComparison.Ordinal)), .. file[120..]]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task What_follows_the_file_counts_for_nothing()
    {
        await using var oss = await TestOss.StartAsync();
        var after = Encoding.UTF8.GetString(TestForm.Body([new("Cache-Control", "no-store"), new("success_action_status", "201"), new("key", "elsewhere")], null, end: $"--{TestForm.Boundary}--\r\n"));

        using var response = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k")]).Fields, File, end: "\r\n" + after));
        using var head = await oss.SendAsync(new OssRequest("HEAD", Bucket, "k"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Null(TestOss.Header(head, "Cache-Control"));
        Assert.Null(await oss.Client.HeadObjectAsync(Bucket, "elsewhere"));
    }

    [Fact]
    public async Task A_redirect_goes_before_a_status_and_a_callback_before_both()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();
        (string, string)[] fields = [("key", "目录/a b&c"), ("success_action_status", "201"), ("success_action_redirect", "https://example.com/done?x=1&y=%2F#top")];

        using var redirect = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: fields).Fields, File));
        using var callback = await TestForm.PostAsync(
            oss, TestForm.Body(TestForm.Sign(oss, fields: [.. fields, ("callback", new CallbackParameter { Urls = [server.Url], Body = "b" }.ToBase64())]).Fields, File));

        Assert.Equal((303, 200), ((int)redirect.StatusCode, (int)callback.StatusCode));
        Assert.Equal(
            $"https://example.com/done?x=1&y=%2F&bucket={Bucket}&key=%E7%9B%AE%E5%BD%95%2Fa%20b%26c&etag=%22{Convert.ToHexString(TestOss.Md5(File))}%22",
            redirect.Headers.GetValues("Location").Single());
        Assert.Equal("", await redirect.Content.ReadAsStringAsync());
        Assert.Equal("""{"Status":"OK"}""", await callback.Content.ReadAsStringAsync());
        Assert.Null(TestOss.Header(callback, "Location"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/relative")]
    [InlineData("http://")]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://example.com/")]
    public async Task A_redirect_to_nowhere_is_none(string url)
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "k"), ("success_action_redirect", url), ("success_action_status", "200")]).Fields, File));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(TestOss.Header(response, "Location"));
    }

    [Fact]
    public async Task A_created_object_is_described_in_xml()
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss, fields: [("key", "中/<a&b>"), ("success_action_status", "201")]).Fields, File));
        var text = await response.Content.ReadAsStringAsync();

        var etag = $"\"{Convert.ToHexString(TestOss.Md5(File))}\"";
        Assert.Equal((201, "application/xml"), ((int)response.StatusCode, TestOss.Header(response, "Content-Type")));
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse>", text, StringComparison.Ordinal);
        Assert.Equal(
            [("Bucket", Bucket), ("Location", $"{oss.Emulator.Endpoint}/{Bucket}/%E4%B8%AD/%3Ca%26b%3E"), ("Key", "中/<a&b>"), ("ETag", etag)],
            XElement.Parse(text).Elements().Select(element => (element.Name.LocalName, element.Value)));
        Assert.Equal(etag, TestOss.Header(response, "ETag"));
    }

    [Fact]
    public async Task Headers_that_sign_or_hash_the_whole_request_do_not_count()
    {
        await using var oss = await TestOss.StartAsync();
        var form = TestForm.Sign(oss, fields: [("key", "k")]);

        using var response = await TestForm.PostAsync(
            oss, TestForm.Body(form.Fields, File), headers: [("Content-MD5", Convert.ToBase64String(new byte[16])), ("x-oss-meta-a", "no"), ("x-oss-callback", "nonsense!")]);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(File, await TestOss.DownloadAsync(oss.Client, "k"));
    }

    [Fact]
    public async Task A_form_to_the_url_of_an_object_is_not_allowed()
    {
        await using var oss = await TestOss.StartAsync();
        var body = TestForm.Body(TestForm.Sign(oss, fields: [("key", "k")]).Fields, File);

        var error = await TestOss.ErrorAsync(await oss.SendAsync("POST", oss.Endpoint.ObjectUrl(Bucket, "k"), [new("Content-Type", TestForm.ContentType)], new ByteArrayContent(body)));

        Assert.Equal((405, "MethodNotAllowed", "The specified method is not allowed against this resource."), (error.HttpStatus, error.Code, error.Message));
        Assert.Equal([new("Method", "POST"), new("ResourceType", "OBJECT")], error.Details);
        Assert.Empty(oss.SegmentFiles());
    }
}
