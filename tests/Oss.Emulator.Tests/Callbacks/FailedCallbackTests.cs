using System.Net.Sockets;
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

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n{}", "Error Status : 400.User server return invalid conent-length value.", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}", "Error Status : 400.User server return invalid conent-length value.", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n{}", "Error Status : 400.User server return invalid conent-length value.", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", "Error Status : 400.User server return invalid conent-length value.", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}", "Error Status : 400.User server return invalid conent-length value.", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n{}", "Error Status : 400.User server return too long content-length value.", 200)]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n{}", "Error Status : 400.User server missing content-length.", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "Error Status : 400.User server missing content-length.", 200)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 2\r\n\r\n{}", "Error status : 302.", 302)]
    [InlineData("HTTP/1.1 199 What\r\n\r\nHTTP/1.1 502 Bad\r\n\r\n", "Error status : 502.", 502)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n{}", "Error status : -1.OSS can not connect to your callbackUrl, please check it.", 200)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "Error status : -1.OSS can not connect to your callbackUrl, please check it.", null)]
    [InlineData("HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n{}", "Error status : -1.OSS can not connect to your callbackUrl, please check it.", null)]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "Error status : -1.OSS can not connect to your callbackUrl, please check it.", null)]
    [InlineData("", "Error status : -1.OSS can not connect to your callbackUrl, please check it.", null)]
    public async Task An_answer_that_is_hardly_HTTP_is_a_203_too(string answer, string message, int? status)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = new RawServer(answer);

        var stored = await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[1]), callback: To(server.Authority));

        Assert.Equal((203, message, "0007-00000203"), (stored.CallbackError?.HttpStatus, stored.CallbackError?.Message, stored.CallbackError?.Ec));
        Assert.Equal((status, false), (oss.Emulator.Callbacks.Single().Status, oss.Emulator.Callbacks.Single().Succeeded));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\n{}", "{}")]
    [InlineData("HTTP/1.0 200 \r\nContent-Length: 4\r\nContent-Type: text/html\r\n\r\n\"中\"and more", null)]
    [InlineData("HTTP/1.0 200 \r\nContent-Length: 5\r\nContent-Type: text/html\r\n\r\n\"中\"and more", "\"中\"")]
    public async Task Only_what_the_length_says_is_the_answer(string answer, string? reply)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = new RawServer(answer);

        var stored = await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[1]), callback: To(server.Authority));

        Assert.Equal(reply, stored.CallbackReply);
        Assert.Equal(reply is null ? "Response body is not valid json format." : null, stored.CallbackError?.Message);
    }

    [Fact]
    public async Task The_largest_answer_is_passed_on_whole()
    {
        await using var oss = await TestOss.StartAsync();
        var largest = $"\"{new string('x', (1024 * 1024) - 2)}\"";
        await using var server = await CallbackServer.StartAsync(largest);

        var stored = await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[1]), callback: To(server.Url));

        Assert.Equal(largest, stored.CallbackReply);
    }

    [Theory]
    [InlineData("<a><b/></a>", "application/xml; charset=utf-8", true)]
    [InlineData("<a><b></a>", "application/xml", false)]
    [InlineData("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>", "application/xml", false)]
    [InlineData("<a/>", "text/xml", false)]
    [InlineData("<a/>", "application/json", false)]
    public async Task Xml_is_an_answer_when_it_is_well_formed_and_says_so(string reply, string contentType, bool isTaken)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync(http => CallbackServer.WriteAsync(http, 200, reply, contentType));
        var request = new OssRequest("PUT", Bucket, "a");
        request.Headers["x-oss-callback"] = To(server.Url).ToBase64();

        using var response = await oss.SendAsync(request, new ByteArrayContent([1]));

        Assert.Equal((isTaken ? 200 : 203, "application/xml"), ((int)response.StatusCode, TestOss.Header(response, "Content-Type")));
        Assert.Equal(isTaken, await response.Content.ReadAsStringAsync() == reply);
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_a_203()
    {
        await using var oss = await TestOss.StartAsync();

        var stored = await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[1]), callback: To("http://nobody.invalid/"));

        Assert.Equal(("Error status : -1.OSS can not connect to your callbackUrl, please check it.", "0007-00000203"), (stored.CallbackError?.Message, stored.CallbackError?.Ec));
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
        Assert.Matches($"^Error status : -1\\.{new Uri(server.Url).Authority} reply timeout, cost:[0-9]+ms, timeout:200ms \\(err -4, errno115\\)$", stored.CallbackError?.Message);
        Assert.All(oss.Emulator.Callbacks, call => Assert.Equal((null, false), (call.Status, call.Succeeded)));
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
}
