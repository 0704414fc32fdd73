using System.Text;
using Oss.Emulator.Tests.Forms;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class RefusedCallbackTests
{
    private const string Bucket = TestOss.BucketName;
    private const string Good = """{"callbackUrl":"http://127.0.0.1:1/","callbackBody":"b=${x:b}"}""";

    /// <summary>The callback as it is read, the variables or null, the EC code, and the argument that is blamed.</summary>
    public static TheoryData<string, string?, string?, string> Refusals => new()
    {
        { "not base64!", null, "0007-00000002", "callback" },
        { "[]", null, "0007-00000003", "callback" },
        { """{"callbackUrl":"http://x","callbackBody":"{"a":${size}}","callbackBodyType":"application/json"}""", null, "0007-00000003", "callback" },
        { """{"callbackBody":"b"}""", null, "0007-00000004", "callback" },
        { """{"callbackUrl":"ftp://x","callbackBody":"b"}""", null, "0007-00000004", "callback" },
        { """{"callbackUrl":"www.callback-example.com:test","callbackBody":"b"}""", null, "0007-00000004", "callback" },
        { """{"callbackUrl":"http://[::1]:80/","callbackBody":"b"}""", null, "0007-00000004", "callback" },
        { """{"callbackUrl":"http://x/中文","callbackBody":"b"}""", null, "0007-00000004", "callback" },
        { """{"callbackUrl":"http://x/a b","callbackBody":"b"}""", null, "0007-00000004", "callback" },
        { """{"callbackUrl":"a;b;c;d;e;f","callbackBody":"b"}""", null, "0007-00000005", "callback" },
        { """{"callbackUrl":"http://x","callbackHost":[1],"callbackBody":"b"}""", null, "0007-00000009", "callback" },
        { """{"callbackUrl":"http://x","callbackBody":""}""", null, "0007-00000011", "callback" },
        { """{"callbackUrl":"http://x","callbackBody":"b","callbackBodyType":1}""", null, "0007-00000012", "callback" },
        { """{"callbackUrl":"http://x","callbackBody":"b","callbackBodyType":"image/jpg"}""", null, null, "callback" },
        { """{"callbackUrl":"http://x","callbackBody":"b","additionalHeaders":[]}""", null, "0007-00000021", "callback" },
        { """{"callbackUrl":"http://x","callbackBody":"b","additionalHeaders":{"x-oss-test":"v"}}""", null, "0007-00000026", "callback" },
        { Good, "no base64!", "0007-00000102", "callback-var" },
        { Good, "nonsense", "0007-00000103", "callback-var" },
        { Good, """{"b":"1"}""", null, "callback-var" },
        { Good, """{"x:B":"1"}""", null, "callback-var" },
        { Good, """{"x:b":{"a":"b"}}""", null, "callback-var" },
    };

    private static string Encoded(string text) => text.Contains('!', StringComparison.Ordinal) ? text : Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static OssRequest Put(string callback, string? variables = null)
    {
        var request = new OssRequest("PUT", Bucket, "a");
        request.Headers["x-oss-callback"] = callback;
        if (variables is not null)
        {
            request.Headers["x-oss-callback-var"] = variables;
        }

        return request;
    }

    private static void AssertArgument(OssError error, string name, string value) =>
        Assert.Equal([new("ArgumentName", name), new("ArgumentValue", value)], error.Details);

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Is_refused_before_anything_is_stored(string callback, string? variables, string? ec, string argument)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await TestOss.ErrorAsync(await oss.SendAsync(Put(Encoded(callback), variables is null ? null : Encoded(variables)), new ByteArrayContent([1])));

        Assert.Equal((400, "InvalidArgument", ec), (error.HttpStatus, error.Code, error.Ec));
        AssertArgument(error, argument, argument == "callback" ? callback : variables!);
        Assert.Empty(oss.SegmentFiles());
        Assert.Empty(oss.Emulator.Callbacks);
    }

    [Fact]
    public async Task Is_refused_by_CompleteMultipartUpload_with_the_upload_left_open()
    {
        await using var oss = await TestOss.StartAsync();
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var part = await oss.Client.UploadPartAsync(Bucket, "m", upload, 1, UploadBody.From(new byte[] { 1 }));
        var request = new OssRequest("POST", Bucket, "m").With("uploadId", upload);
        request.Headers["x-oss-callback"] = Encoded("{}");

        var xml = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{part.ETag}</ETag></Part></CompleteMultipartUpload>");

        var error = await TestOss.ErrorAsync(await oss.SendAsync(request, new ByteArrayContent(xml)));

        Assert.Equal("0007-00000004", error.Ec);
        Assert.Null(await oss.Client.HeadObjectAsync(Bucket, "m"));
        Assert.NotNull(await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, [part]));
    }

    [Fact]
    public async Task Is_refused_in_a_form()
    {
        await using var oss = await TestOss.StartAsync();
        var form = TestForm.Sign(oss, fields: [("key", "k"), ("callback", Encoded("{}"))]);

        var error = await TestOss.ErrorAsync(await TestForm.PostAsync(oss, TestForm.Body(form.Fields, [1])));

        Assert.Equal((400, "0007-00000004"), (error.HttpStatus, error.Ec));
        AssertArgument(error, "callback", "{}");
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task More_than_5_KB_of_either_are_refused()
    {
        await using var oss = await TestOss.StartAsync();
        var longest = Encoded(Good + new string(' ', 3840 - Good.Length));
        var longestVariables = Encoded($$"""{"x:b":"{{new string('v', 3840 - 10)}}"}""");

        using var most = await oss.SendAsync(Put(longest, longestVariables), new ByteArrayContent([1]));
        var callback = await TestOss.ErrorAsync(await oss.SendAsync(Put(longest + "ICAg"), new ByteArrayContent([1])));
        var variables = await TestOss.ErrorAsync(await oss.SendAsync(Put(longest, longestVariables + "ICAg"), new ByteArrayContent([1])));

        Assert.Equal((5120, 5120, 203), (longest.Length, longestVariables.Length, (int)most.StatusCode));
        Assert.Equal((400, "0007-00000001"), (callback.HttpStatus, callback.Ec));
        AssertArgument(callback, "callback", longest + "ICAg");
        Assert.Equal((400, "0007-00000101"), (variables.HttpStatus, variables.Ec));
    }

    [Theory]
    [InlineData(true, true, false, false, "callback", "0007-00000027")]
    [InlineData(true, true, true, true, "callback", "0007-00000027")]
    [InlineData(true, false, false, true, "callback", "0007-00000027")]
    [InlineData(false, true, true, false, "callback", "0007-00000027")]
    [InlineData(true, false, true, true, "callback-var", null)]
    [InlineData(false, true, true, true, "callback-var", null)]
    public async Task In_header_and_query_is_refused(bool header, bool query, bool headerVariables, bool queryVariables, string argument, string? ec)
    {
        await using var oss = await TestOss.StartAsync();
        var request = new OssRequest("PUT", Bucket, "a");
        request = query ? request.With("callback", Encoded(Good)) : request;
        request = queryVariables ? request.With("callback-var", Encoded("""{"x:b":"1"}""")) : request;
        if (header)
        {
            request.Headers["x-oss-callback"] = Encoded(Good);
        }

        if (headerVariables)
        {
            request.Headers["x-oss-callback-var"] = Encoded("""{"x:b":"2"}""");
        }

        var error = await TestOss.ErrorAsync(await oss.SendAsync(request, new ByteArrayContent([1])));

        Assert.Equal((400, "InvalidArgument", ec, argument), (error.HttpStatus, error.Code, error.Ec, error.Details[0].Value));
        Assert.Empty(oss.SegmentFiles());
    }

    [Theory]
    [InlineData("size=${size}&my_var=$x:my_var}", "Left brace must be adjacent to dollar sign.")]
    [InlineData("price=5$", "Left brace must be adjacent to dollar sign.")]
    [InlineData("$${x:a}", "Left brace must be adjacent to dollar sign.")]
    [InlineData("a=${x:a", "A variable of the callbackBody has no right brace.")]
    public async Task A_template_that_variables_cannot_be_put_into_is_refused(string body, string message)
    {
        await using var oss = await TestOss.StartAsync();
        var callback = new CallbackParameter { Urls = ["http://127.0.0.1:1/"], Body = body, Variables = new Dictionary<string, string> { ["x:my_var"] = "v" } };
        var form = TestForm.Sign(oss, fields: [("key", "k"), ("callback", callback.ToBase64()), ("x:my_var", "v")]);

        var put = await TestOss.ErrorAsync(await oss.SendAsync(Put(callback.ToBase64(), callback.VariablesToBase64()), new ByteArrayContent([1])));
        var post = await TestOss.ErrorAsync(await TestForm.PostAsync(oss, TestForm.Body(form.Fields, [1])));

        Assert.All([put, post], error =>
        {
            Assert.Equal((400, "InvalidArgument", message, "0007-00000105"), (error.HttpStatus, error.Code, error.Message, error.Ec));
            AssertArgument(error, "ReplaceKeyPrefix", body);
        });
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task Variables_alone_and_callbacks_of_operations_that_have_none_are_ignored()
    {
        await using var oss = await TestOss.StartAsync();
        var request = new OssRequest("PUT", Bucket, "a");
        request.Headers["x-oss-callback-var"] = "nonsense!";
        using var put = await oss.SendAsync(request, new ByteArrayContent([1]));
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var part = new OssRequest("PUT", Bucket, "m").With("partNumber", "1").With("uploadId", upload);
        part.Headers["x-oss-callback"] = Encoded("nonsense!");
        using var uploaded = await oss.SendAsync(part, new ByteArrayContent([1]));

        Assert.Equal((200, 200), ((int)put.StatusCode, (int)uploaded.StatusCode));
        Assert.Equal("", await put.Content.ReadAsStringAsync());
        Assert.Empty(oss.Emulator.Callbacks);
    }
}
