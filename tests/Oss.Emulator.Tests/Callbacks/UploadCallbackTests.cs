using System.Net;
using System.Text;
using System.Text.Json;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class UploadCallbackTests
{
    private const string Bucket = TestOss.BucketName;
    private const string Key = "报告/a b+c&d.txt";

    private const string FormBody =
        "bucket=${bucket}&object=${object}&etag=${etag}&size=${size}&mimeType=${mimeType}&h=${imageInfo.height}&crc64=${crc64}&md5=${contentMd5}&vpc=${vpcId}&ip=${clientIp}"
        + "&req=${reqId}&op=${operation}&who=${x:who}&odd=${x:odd}&unknown=${x:unknown}${nonsense}";

    private const string JsonBody =
        """{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},"mimeType":${mimeType},"h":${imageInfo.height},"crc64":${crc64},"md5":${contentMd5},"op":${operation},"who":${x:who},"odd":${x:odd},"unknown":${x:unknown}}""";

    private static readonly Dictionary<string, string> Variables = new() { ["x:who"] = "Zoë \"/\\\" & 😀", ["x:odd"] = "${bucket}" };

    public static TheoryData<string, CallbackBodyType> Uploads => new MatrixTheoryData<string, CallbackBodyType>(
        ["PutObject", "CompleteMultipartUpload"], [CallbackBodyType.Form, CallbackBodyType.Json]);

    private static CallbackParameter Parameter(string url, CallbackBodyType type) =>
        new() { Urls = [url], Body = type == CallbackBodyType.Json ? JsonBody : FormBody, BodyType = type, Variables = Variables };

    private static async Task<StoredObject> UploadAsync(TestOss oss, string operation, byte[] content, CallbackParameter callback)
    {
        var properties = new ObjectProperties { ContentType = "text/plain" };
        if (operation == "PutObject")
        {
            return await oss.Client.PutObjectAsync(Bucket, Key, UploadBody.From(content), properties, callback);
        }

        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, Key, properties);
        var part = await oss.Client.UploadPartAsync(Bucket, Key, upload, 1, UploadBody.From(content));
        return await oss.Client.CompleteMultipartUploadAsync(Bucket, Key, upload, [part], callback: callback);
    }

    [Theory]
    [MemberData(nameof(Uploads))]
    public async Task Calls_back_with_what_it_stored_and_passes_the_answer_on(string operation, CallbackBodyType type)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync("""{"Status":"OK","id":7}""");
        var content = TestOss.Bytes(5000);

        var stored = await UploadAsync(oss, operation, content, Parameter(server.Url + "/hook/%E6%8A%A5?q=a%2Fb&r", type));
        var call = server.Calls.Single();
        var values = type == CallbackBodyType.Json
            ? JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(call.Text)!.ToDictionary(value => value.Key, value => value.Value.ToString())
            : call.Text.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => OssEncoding.Decode(pair[1]));

        Assert.Equal("""{"Status":"OK","id":7}""", stored.CallbackReply);
        Assert.Equal(Crc64.Compute(content), stored.Crc64);
        Assert.Equal("/hook/%E6%8A%A5?q=a%2Fb&r", call.Target);
        Assert.True(call.IsSignedBy(oss.Emulator.CallbackPublicKeyPem));
        var expected = new Dictionary<string, string>
        {
            ["bucket"] = Bucket, ["object"] = Key, ["etag"] = stored.ETag.Trim('"'), ["size"] = "5000", ["mimeType"] = "text/plain", ["h"] = "",
            ["crc64"] = Crc64.ToText(Crc64.Compute(content)), ["md5"] = operation == "PutObject" ? Convert.ToBase64String(TestOss.Md5(content)) : "", ["op"] = operation,
            ["who"] = Variables["x:who"], ["odd"] = "${bucket}", ["unknown"] = "",
        };
        Assert.All(expected, pair => Assert.Equal((pair.Key, pair.Value), (pair.Key, values[pair.Key])));
        Assert.True(oss.Emulator.Callbacks.Single() is { Succeeded: true, Status: 200, FailureMessage: null });
    }

    [Fact]
    public async Task Sends_the_headers_that_OSS_sends()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();

        await UploadAsync(oss, "PutObject", [1], Parameter(server.Url, CallbackBodyType.Form) with { Host = "callbacks.example.com" });
        var call = server.Calls.Single();

        Assert.Equal("/", call.Target);
        Assert.Equal("callbacks.example.com", call.Headers["Host"]);
        Assert.Equal("close", call.Headers["Connection"]);
        Assert.Equal("application/x-www-form-urlencoded", call.Headers["Content-Type"]);
        Assert.Equal(Convert.ToBase64String(TestOss.Md5(call.Body)), call.Headers["Content-MD5"]);
        Assert.Equal("aliyun-oss-callback", call.Headers["User-Agent"]);
        Assert.Equal(oss.Emulator.CallbackKeyUrl, Encoding.UTF8.GetString(Convert.FromBase64String(call.Headers["x-oss-pub-key-url"])));
        Assert.Equal((Bucket, "1.0", "CALLBACK"), (call.Headers["x-oss-bucket"], call.Headers["x-oss-signature-version"], call.Headers["x-oss-tag"]));
        Assert.Equal("", call.Headers["x-oss-additional-headers"]);
        Assert.DoesNotContain("traceparent", call.Headers.Keys);
        Assert.Equal(oss.Clock.GetUtcNow().ToString("R"), call.Headers["Date"]);
    }

    [Theory]
    [InlineData("/p/../q//r?x=%2e%2E&y=a+b")]
    [InlineData("?only=query")]
    [InlineData("/p?")]
    public async Task Calls_the_url_to_the_letter(string target)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();

        var stored = await UploadAsync(oss, "PutObject", [1], Parameter(server.Url + target, CallbackBodyType.Form));

        Assert.NotNull(stored.CallbackReply);
        Assert.Equal(target.StartsWith('/') ? target : "/" + target, server.Calls.Single().Target);
        Assert.True(server.Calls.Single().IsSignedBy(oss.Emulator.CallbackPublicKeyPem));
    }

    [Fact]
    public async Task A_callback_in_the_query_of_a_presigned_url_works_like_one_in_the_headers()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();
        var callback = Parameter(server.Url, CallbackBodyType.Json);
        var request = new OssRequest("PUT", Bucket, "a").With("callback", callback.ToBase64()).With("callback-var", callback.VariablesToBase64());
        var url = oss.Signer.Presign(request, oss.Endpoint, oss.Clock.GetUtcNow(), TimeSpan.FromMinutes(1));

        using var response = await oss.SendAsync("PUT", url.Url, url.Headers, new ByteArrayContent([1]));

        Assert.Equal("""{"Status":"OK"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(("application/json", HttpStatusCode.OK), (TestOss.Header(response, "Content-Type"), response.StatusCode));
        Assert.Contains("Zoë", server.Calls.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describes_an_image()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();
        byte[] png = [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 2, 0, 0, 0, 1, 0, 8, 6, 0, 0, 0];
        var callback = new CallbackParameter
        {
            Urls = [server.Url], BodyType = CallbackBodyType.Json, Body = """{"w":${imageInfo.width},"h":${imageInfo.height},"f":${imageInfo.format}}""",
        };

        await oss.Client.PutObjectAsync(Bucket, "a.png", UploadBody.From(png), callback: callback);

        Assert.Equal("""{"w":512,"h":256,"f":"png"}""", server.Calls.Single().Text);
    }

    [Fact]
    public async Task Passes_on_xml_that_says_so()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync(http => CallbackServer.WriteAsync(http, 200, "<ok/>", "application/xml"));

        var stored = await UploadAsync(oss, "PutObject", [1], Parameter(server.Url, CallbackBodyType.Form));

        Assert.Equal("<ok/>", stored.CallbackReply);
    }

    [Fact]
    public async Task Tries_the_next_url_when_one_fails_and_stops_at_the_first_that_answers()
    {
        await using var oss = await TestOss.StartAsync();
        await using var failing = await CallbackServer.StartAsync(http => CallbackServer.WriteAsync(http, 500, "{}"));
        await using var good = await CallbackServer.StartAsync("""{"from":"good"}""");
        await using var never = await CallbackServer.StartAsync();
        var callback = Parameter(failing.Url, CallbackBodyType.Json) with { Urls = [failing.Url + "/1", good.Url + "/2", never.Url + "/3"] };

        var stored = await UploadAsync(oss, "PutObject", [1], callback);

        Assert.Equal("""{"from":"good"}""", stored.CallbackReply);
        Assert.Equal((1, 1, 0), (failing.Calls.Count, good.Calls.Count, never.Calls.Count));
        Assert.Equal(
            [(failing.Url + "/1", 500, false), (good.Url + "/2", 200, true)],
            oss.Emulator.Callbacks.Select(call => (call.Url, call.Status ?? 0, call.Succeeded)));
    }
}
