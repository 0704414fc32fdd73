using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class FailedCallbackTests
{
    private const string Bucket = TestOss.BucketName;

    public static TheoryData<string, string, string> Answers => new()
    {
        { "500", "Error status : 500.", "0007-00000203" },
        { "201", "Error status : 201.", "0007-00000203" },
        { "204", "Error status : 204.", "0007-00000203" },
        { "302", "Error status : 302.", "0007-00000203" },
        { "text", "Response body is not valid json format.", "0007-00000205" },
        { "empty", "Response body is not valid json format.", "0007-00000205" },
        { "bom", "Response body is not valid json format.", "0007-00000205" },
        { "half", "Response body is not valid json format.", "0007-00000205" },
        { "chunked", "Error Status : 400.User server missing content-length.", "0007-00000203" },
        { "long", "Error Status : 400.User server return too long content-length value.", "0007-00000203" },
    };

    private static Task AnswerAsync(HttpContext http, string kind)
    {
        switch (kind)
        {
            case "text":
                return CallbackServer.WriteAsync(http, 200, "OK", "text/plain");
            case "empty":
                return CallbackServer.WriteAsync(http, 200, "");
            case "bom":
                return CallbackServer.WriteAsync(http, 200, "\uFEFF{}");
            case "half":
                return CallbackServer.WriteAsync(http, 200, "{\"a\":");
            case "long":
                return CallbackServer.WriteAsync(http, 200, $"\"{new string('x', 1024 * 1024)}\"");
            case "chunked":
                return http.Response.WriteAsync("{}");
            case "204":
                http.Response.StatusCode = 204;
                return Task.CompletedTask;
            default:
                http.Response.Headers.Location = "/elsewhere";
                return CallbackServer.WriteAsync(http, int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture), "{}");
        }
    }

    private static CallbackParameter To(params string[] urls) => new() { Urls = urls, Body = "size=${size}" };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_that_OSS_does_not_take_is_a_203_and_the_object_stays(string kind, string message, string ec)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync(http => AnswerAsync(http, kind));
        var request = new OssRequest("PUT", Bucket, "a");
        request.Headers["x-oss-callback"] = To(server.Url).ToBase64();

        using var response = await oss.SendAsync(request, new ByteArrayContent([1, 2, 3]));
        var error = await TestOss.ErrorAsync(response);

        Assert.Equal((203, "CallbackFailed", message, ec), (error.HttpStatus, error.Code, error.Message, error.Ec));
        Assert.Equal($"\"{Convert.ToHexString(TestOss.Md5([1, 2, 3]))}\"", TestOss.Header(response, "ETag"));
        Assert.Equal(Crc64.ToText(Crc64.Compute([1, 2, 3])), TestOss.Header(response, "x-oss-hash-crc64ecma"));
        Assert.Equal([1, 2, 3], await TestOss.DownloadAsync(oss.Client, "a"));
        Assert.Single(server.Calls);
        Assert.Equal((203, "CallbackFailed"), (oss.Emulator.Requests[0].Status, oss.Emulator.Requests[0].ErrorCode));
        Assert.True(oss.Emulator.Callbacks.Single() is { Succeeded: false } callback && callback.FailureMessage == message);
    }

    [Fact]
    public async Task Nobody_there_is_a_203()
    {
        await using var oss = await TestOss.StartAsync();
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));

        var stored = await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[1]), callback: To($"http://{taken.LocalEndPoint}/"));

        Assert.Equal("Error status : -1.OSS can not connect to your callbackUrl, please check it.", stored.CallbackError?.Message);
        Assert.NotNull(await oss.Client.HeadObjectAsync(Bucket, "a"));
    }

    [Fact]
    public async Task A_server_that_takes_too_long_is_a_203_after_each_url_had_its_time()
    {
        await using var oss = await TestOss.StartAsync(callbackTimeout: TimeSpan.FromMilliseconds(200));
        await using var server = await CallbackServer.StartAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));

        var stored = await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[1]), callback: To(server.Url + "/1", server.Url + "/2"));

        Assert.Equal("0007-00000202", stored.CallbackError?.Ec);
        Assert.Contains("reply timeout", stored.CallbackError?.Message, StringComparison.Ordinal);
        Assert.Equal(["/1", "/2"], server.Calls.Select(call => call.Target));
    }

    [Fact]
    public async Task A_completed_upload_stays_completed_when_its_callback_fails()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync(http => CallbackServer.WriteAsync(http, 502, ""));
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "m");
        var part = await oss.Client.UploadPartAsync(Bucket, "m", upload, 1, UploadBody.From(new byte[] { 4 }));

        var stored = await oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, [part], callback: To(server.Url));
        var again = await Assert.ThrowsAsync<OssException>(() => oss.Client.CompleteMultipartUploadAsync(Bucket, "m", upload, [part], callback: To(server.Url)));

        Assert.Equal("Error status : 502.", stored.CallbackError?.Message);
        Assert.True(again.Is(OssErrorCode.NoSuchUpload));
        Assert.Single(server.Calls);
        Assert.Equal([4], await TestOss.DownloadAsync(oss.Client, "m"));
    }

    [Theory]
    [InlineData("not base64!", null, "0007-00000002")]
    [InlineData("[]", null, "0007-00000003")]
    [InlineData("""{"callbackUrl":"ftp://x","callbackBody":"b"}""", null, "0007-00000004")]
    [InlineData("""{"callbackUrl":"a;b;c;d;e;f","callbackBody":"b"}""", null, "0007-00000005")]
    [InlineData("""{"callbackUrl":"http://x","callbackBody":""}""", null, "0007-00000011")]
    [InlineData("""{"callbackUrl":"http://x","callbackBody":"b"}""", "nonsense", "0007-00000103")]
    public async Task A_callback_that_cannot_be_is_refused_before_anything_is_stored(string callback, string? variables, string ec)
    {
        await using var oss = await TestOss.StartAsync();
        var request = new OssRequest("PUT", Bucket, "a");
        request.Headers["x-oss-callback"] = callback.Contains('!', StringComparison.Ordinal) ? callback : Convert.ToBase64String(Encoding.UTF8.GetBytes(callback));
        if (variables is not null)
        {
            request.Headers["x-oss-callback-var"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(variables));
        }

        var error = await TestOss.ErrorAsync(await oss.SendAsync(request, new ByteArrayContent([1])));

        Assert.Equal((400, "InvalidArgument", ec), (error.HttpStatus, error.Code, error.Ec));
        Assert.Empty(oss.SegmentFiles());
    }

    [Fact]
    public async Task A_callback_in_header_and_query_is_refused()
    {
        await using var oss = await TestOss.StartAsync();
        var callback = To("http://127.0.0.1:1").ToBase64();
        var request = new OssRequest("PUT", Bucket, "a").With("callback", callback);
        request.Headers["x-oss-callback"] = callback;

        var error = await TestOss.ErrorAsync(await oss.SendAsync(request, new ByteArrayContent([1])));

        Assert.Equal(("InvalidArgument", "0007-00000027"), (error.Code, error.Ec));
    }
}
