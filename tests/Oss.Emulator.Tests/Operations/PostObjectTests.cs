using System.Net;
using System.Text;
using System.Xml.Linq;
using Oss.Protocol;
using static Oss.Emulator.Tests.Forms.TestForm;

namespace Oss.Emulator.Tests.Operations;

public sealed class PostObjectTests
{
    private const string Bucket = TestOss.BucketName;
    private static readonly byte[] File = TestOss.Bytes(50_000);

    [Fact]
    public async Task Stores_the_file_under_its_own_name()
    {
        await using var oss = await TestOss.StartAsync();
        var form = Sign(oss, fields: [("x-oss-meta-a", "b"), ("Cache-Control", "no-store")]);

        using var response = await PostAsync(oss, Body(form.Fields, File));
        using var head = await oss.SendAsync(new OssRequest("HEAD", Bucket, "up/文件 1.bin"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal($"\"{Convert.ToHexString(TestOss.Md5(File))}\"", TestOss.Header(response, "ETag"));
        Assert.Equal(Crc64.ToText(Crc64.Compute(File)), TestOss.Header(response, "x-oss-hash-crc64ecma"));
        Assert.Equal(File, await TestOss.DownloadAsync(oss.Client, "up/文件 1.bin"));
        Assert.Equal(("image/png", "b", "no-store"), (TestOss.Header(head, "Content-Type"), TestOss.Header(head, "x-oss-meta-a"), TestOss.Header(head, "Cache-Control")));
        Assert.Equal(("PostObject", "up/文件 1.bin", 204), (oss.Emulator.Requests[0].Operation, oss.Emulator.Requests[0].Key, oss.Emulator.Requests[0].Status));
    }

    [Fact]
    public async Task Takes_the_form_that_HttpClient_makes()
    {
        await using var oss = await TestOss.StartAsync();
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in Sign(oss, fields: [("key", "k")]).Fields)
        {
            content.Add(new StringContent(value), name);
        }

        content.Add(new ByteArrayContent(File), "file", "f.bin");
        using var response = await oss.Http.PostAsync(oss.Endpoint.BucketUrl(Bucket).TrimEnd('/'), content);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(File, await TestOss.DownloadAsync(oss.Client, "k"));
    }

    [Theory]
    [InlineData("x-oss-content-type", "a/a", "Content-Type", "b/b", "c/c", "a/a")]
    [InlineData("x", "", "Content-Type", "b/b", "c/c", "c/c")]
    [InlineData("x", "", "Content-Type", "b/b", null, "b/b")]
    [InlineData("x", "", "y", "", null, "application/octet-stream")]
    public async Task The_content_type_is_the_first_of_its_sources(string field1, string value1, string field2, string value2, string? ofFile, string expected)
    {
        await using var oss = await TestOss.StartAsync();
        var form = Sign(oss, fields: [("key", "k"), (field1, value1), (field2, value2)]);

        using var response = await PostAsync(oss, Body(form.Fields, File, fileType: ofFile));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(expected, (await oss.Client.HeadObjectAsync(Bucket, "k"))?.ContentType);
    }

    [Theory]
    [InlineData("200", 200)]
    [InlineData("201", 201)]
    [InlineData("204", 204)]
    [InlineData("303", 204)]
    public async Task Answers_with_the_status_asked_for(string asked, int status)
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await PostAsync(oss, Body(Sign(oss, fields: [("key", "a b"), ("success_action_status", asked)]).Fields, File));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 201)
        {
            var xml = XElement.Parse(text);
            Assert.Equal(("PostResponse", Bucket, "a b"), (xml.Name.LocalName, xml.Element("Bucket")?.Value, xml.Element("Key")?.Value));
            Assert.Equal($"{oss.Emulator.Endpoint}/{Bucket}/a%20b", xml.Element("Location")?.Value);
        }
        else
        {
            Assert.Empty(text);
        }
    }

    [Fact]
    public async Task Redirects_with_bucket_key_and_etag()
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await PostAsync(oss, Body(Sign(oss, fields: [("key", "a/b"), ("success_action_redirect", "http://example.com/done?x=1")]).Fields, File));

        Assert.Equal(303, (int)response.StatusCode);
        Assert.Equal($"http://example.com/done?x=1&bucket={Bucket}&key=a%2Fb&etag=%22{Convert.ToHexString(TestOss.Md5(File))}%22", TestOss.Header(response, "Location"));
    }

    [Theory]
    [InlineData("key", "elsewhere", "AccessDenied", "0006-00000227")]
    [InlineData("success_action_status", "200", "AccessDenied", "0006-00000227")]
    [InlineData("policy", "eyJleHBpcmF0aW9uIjoiMjAzMC0wMS0wMVQwMDowMDowMFoiLCJjb25kaXRpb25zIjpbXX0=", "SignatureDoesNotMatch", "0002-00000040")]
    [InlineData("x-oss-signature", "00", "SignatureDoesNotMatch", "0002-00000040")]
    [InlineData("x-oss-credential", "LTAInobody/20250601/cn-hangzhou/oss/aliyun_v4_request", "InvalidAccessKeyId", "0002-00000902")]
    [InlineData("x-oss-credential", "LTAIemulatorTests0001/20250601/cn-beijing/oss/aliyun_v4_request", "InvalidArgument", "0002-00000715")]
    public async Task Refuses_a_form_in_which_a_field_was_changed(string field, string value, string code, string ec)
    {
        await using var oss = await TestOss.StartAsync();
        var form = Sign(oss, fields: [("key", "k"), ("success_action_status", "204")]);

        var error = await TestOss.ErrorAsync(await PostAsync(oss, Body(form.Fields.Select(f => f.Key == field ? new(field, value) : f), File)));

        Assert.Equal((code, ec), (error.Code, error.Ec));
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task Refuses_a_form_that_lacks_a_field_of_its_policy()
    {
        await using var oss = await TestOss.StartAsync();
        var form = Sign(oss, fields: [("key", "k"), ("success_action_status", "204")]);

        var error = await TestOss.ErrorAsync(await PostAsync(oss, Body(form.Fields.Where(f => f.Key != "success_action_status"), File)));

        Assert.Equal((403, "AccessDenied", "0006-00000226"), (error.HttpStatus, error.Code, error.Ec));
    }

    [Fact]
    public async Task Refuses_a_form_without_policy_and_one_that_is_late()
    {
        await using var oss = await TestOss.StartAsync();
        var form = Sign(oss, fields: [("key", "k")]);

        var anonymous = await TestOss.ErrorAsync(await PostAsync(oss, Body([new("key", "k")], File)));
        oss.Clock.Advance(TimeSpan.FromHours(1));
        var late = await TestOss.ErrorAsync(await PostAsync(oss, Body(form.Fields, File)));

        Assert.Equal((403, "AccessDenied"), (anonymous.HttpStatus, anonymous.Code));
        Assert.Equal((403, "AccessDenied", "Invalid according to Policy: Policy expired."), (late.HttpStatus, late.Code, late.Message));
    }

    [Fact]
    public async Task A_form_for_one_bucket_is_no_good_for_another()
    {
        await using var oss = await TestOss.StartAsync();
        var body = Body(Sign(oss, fields: [("key", "k")]).Fields, File);

        var error = await TestOss.ErrorAsync(await oss.SendAsync(
            "POST", oss.Endpoint.BucketUrl("other-bucket"), [new("Content-Type", $"multipart/form-data; boundary={Boundary}")], new ByteArrayContent(body)));

        Assert.Equal(("AccessDenied", "0006-00000227"), (error.Code, error.Ec));
    }

    [Theory]
    [InlineData(50_000, 50_000, null, null)]
    [InlineData(0, 49_999, "EntityTooLarge", "0006-00000003")]
    [InlineData(50_001, 60_000, "EntityTooSmall", "0006-00000004")]
    public async Task Holds_the_file_to_the_sizes_of_the_policy(long min, long max, string? code, string? ec)
    {
        await using var oss = await TestOss.StartAsync();

        using var response = await PostAsync(oss, Body(Sign(oss, min, max, ("key", "k")).Fields, File));
        var error = code is null ? null : await TestOss.ErrorAsync(response);

        Assert.Equal(code is null ? 204 : 400, (int)response.StatusCode);
        Assert.Equal((code, ec), (error?.Code, error?.Ec));
        Assert.Equal(code is null ? 1 : 0, oss.SegmentFiles().Length);
    }

    [Fact]
    public async Task Does_not_overwrite_when_told_not_to()
    {
        await using var oss = await TestOss.StartAsync();
        var body = Body(Sign(oss, fields: [("key", "k"), ("x-oss-forbid-overwrite", "true")]).Fields, File);
        using var first = await PostAsync(oss, body);

        var second = await TestOss.ErrorAsync(await PostAsync(oss, body));

        Assert.Equal((409, "FileAlreadyExists"), (second.HttpStatus, second.Code));
        Assert.Single(oss.SegmentFiles());
    }

    [Fact]
    public async Task The_file_comes_last_and_there_is_one()
    {
        await using var oss = await TestOss.StartAsync();
        var form = Sign(oss, fields: [("key", "k")]);
        var fileFirst = Body([], File, end: $"\r\n{Encoding.UTF8.GetString(Body(form.Fields, null))}");
        var twoFiles = Body(form.Fields, File, end: $"\r\n{Encoding.UTF8.GetString(Body([], [1]))}");
        var fieldAfter = Body(form.Fields, File, end: $"\r\n{Encoding.UTF8.GetString(Body([new("submit", "Upload")], null, end: "--" + Boundary + "--\r\n"))}");

        var noFile = await TestOss.ErrorAsync(await PostAsync(oss, Body(form.Fields, null, end: "--" + Boundary + "--\r\n")));
        var first = await TestOss.ErrorAsync(await PostAsync(oss, fileFirst));
        var two = await TestOss.ErrorAsync(await PostAsync(oss, twoFiles));
        Assert.Empty(oss.SegmentFiles());
        using var after = await PostAsync(oss, fieldAfter);

        Assert.Equal("IncorrectNumberOfFilesInPOSTRequest", noFile.Code);
        Assert.Equal("AccessDenied", first.Code);
        Assert.Equal("IncorrectNumberOfFilesInPOSTRequest", two.Code);
        Assert.Equal(HttpStatusCode.NoContent, after.StatusCode);
    }

    [Fact]
    public async Task Needs_a_key()
    {
        await using var oss = await TestOss.StartAsync();
        var form = Sign(oss, fields: [("key", "k")]);

        var error = await TestOss.ErrorAsync(await PostAsync(oss, Body(form.Fields.Where(field => field.Key != "key"), File)));

        Assert.Equal("InvalidArgument", error.Code);
        Assert.Contains("order of the fields", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_what_is_no_form()
    {
        await using var oss = await TestOss.StartAsync();
        var body = Body(Sign(oss, fields: [("key", "k")]).Fields, File);

        var json = await TestOss.ErrorAsync(await PostAsync(oss, body, "application/json"));
        var noBoundary = await TestOss.ErrorAsync(await PostAsync(oss, body, "multipart/form-data"));
        var cutOff = await TestOss.ErrorAsync(await PostAsync(oss, body[..^1000]));
        var cutInField = await TestOss.ErrorAsync(await PostAsync(oss, body[..200]));

        Assert.All([json, noBoundary, cutOff, cutInField], error => Assert.Equal((400, "MalformedPOSTRequest"), (error.HttpStatus, error.Code)));
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task Refuses_fields_that_are_too_long_or_come_twice()
    {
        await using var oss = await TestOss.StartAsync();

        var value = await TestOss.ErrorAsync(await PostAsync(oss, Body([new("x", new string('v', (2 * 1024 * 1024) + 1))], File)));
        var name = await TestOss.ErrorAsync(await PostAsync(oss, Body([new(new string('n', (8 * 1024) + 1), "v")], File)));
        var twice = await TestOss.ErrorAsync(await PostAsync(oss, Body([new("key", "a"), new("Key", "b")], File)));

        Assert.Equal(("FieldItemTooLong", "FieldItemTooLong", "InvalidArgument"), (value.Code, name.Code, twice.Code));
    }

    [Fact]
    public async Task Wants_a_length()
    {
        await using var oss = await TestOss.StartAsync();
        using var content = new StreamContent(new MemoryStream(Body(Sign(oss).Fields, File)));

        var error = await TestOss.ErrorAsync(await oss.SendAsync(
            "POST", oss.Endpoint.BucketUrl(Bucket), [new("Content-Type", $"multipart/form-data; boundary={Boundary}"), new("Transfer-Encoding", "chunked")], content));

        Assert.Equal((411, "MissingContentLength"), (error.HttpStatus, error.Code));
    }

    [Theory]
    [InlineData(CallbackBodyType.Form, "n=up%2F1.bin&s=50000&op=PostObject&id=%C3%BC7")]
    [InlineData(CallbackBodyType.Json, """{"n":"up/1.bin","s":50000,"op":"PostObject","id":"ü7"}""")]
    public async Task Calls_back_with_variables_from_fields(CallbackBodyType type, string expected)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();
        var callback = new CallbackParameter
        {
            Urls = [server.Url], BodyType = type,
            Body = type == CallbackBodyType.Json ? """{"n":${object},"s":${size},"op":${operation},"id":${x:id}}""" : "n=${object}&s=${size}&op=${operation}&id=${x:id}",
        };

        using var response = await PostAsync(
            oss, Body(Sign(oss, fields: [("callback", callback.ToBase64()), ("x:id", "ü7"), ("success_action_status", "201")]).Fields, File, "1.bin"));

        Assert.Equal((200, """{"Status":"OK"}"""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(expected, server.Calls.Single().Text);
        Assert.True(server.Calls.Single().IsSignedBy(oss.Emulator.CallbackPublicKeyPem));
    }

    [Fact]
    public async Task A_failed_callback_is_a_203_and_the_file_stays()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync(http => CallbackServer.WriteAsync(http, 403, "{}"));
        var callback = new CallbackParameter { Urls = [server.Url], Body = "x" };

        var error = await TestOss.ErrorAsync(await PostAsync(oss, Body(Sign(oss, fields: [("key", "k"), ("callback", callback.ToBase64())]).Fields, File)));

        Assert.Equal((203, "CallbackFailed", "Error status : 403."), (error.HttpStatus, error.Code, error.Message));
        Assert.Equal(File, await TestOss.DownloadAsync(oss.Client, "k"));
    }
}
