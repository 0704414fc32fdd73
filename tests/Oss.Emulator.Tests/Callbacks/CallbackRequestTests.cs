using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class CallbackRequestTests
{
    private const string Bucket = TestOss.BucketName;
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    private static async Task<string[]> LinesAsync(TestOss oss, RawServer server, CallbackParameter callback)
    {
        await oss.Client.PutObjectAsync(Bucket, "a", UploadBody.From(new byte[] { 1 }), callback: callback);
        return server.Requests.Single().Split("\r\n");
    }

    [Fact]
    public async Task Is_what_OSS_sends_line_for_line()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = new RawServer(Ok);

        var lines = await LinesAsync(oss, server, new CallbackParameter { Urls = [$"http://{server.Authority}/hook?x=1"], Body = "size=${size}&req=${reqId}" });

        var call = oss.Emulator.Callbacks.Single();
        using var key = CallbackPublicKey.Parse(oss.Emulator.CallbackPublicKeyPem);
        Assert.Equal(
            [
                "POST /hook?x=1 HTTP/1.1",
                $"Host: {server.Authority}",
                "Connection: close",
                $"Content-Length: {call.RequestBody.Length}",
                lines[4],
                $"Content-MD5: {Convert.ToBase64String(TestOss.Md5(Encoding.UTF8.GetBytes(call.RequestBody)))}",
                "Content-Type: application/x-www-form-urlencoded",
                "Date: Sun, 01 Jun 2025 12:00:00 GMT",
                "User-Agent: aliyun-oss-callback",
                "x-oss-additional-headers: ",
                $"x-oss-bucket: {Bucket}",
                "x-oss-owner: 1234567890123456",
                $"x-oss-pub-key-url: {Convert.ToBase64String(Encoding.UTF8.GetBytes(oss.Emulator.CallbackKeyUrl))}",
                $"x-oss-request-id: {call.RequestId}",
                "x-oss-requester: 1234567890123456",
                "x-oss-signature-version: 1.0",
                "x-oss-tag: CALLBACK",
                "",
                $"size=1&req={call.RequestId}",
            ],
            lines);
        Assert.StartsWith("Authorization: ", lines[4], StringComparison.Ordinal);
        Assert.True(key.Verify("/hook?x=1", Encoding.UTF8.GetBytes(call.RequestBody), lines[4]["Authorization: ".Length..]));
    }

    [Fact]
    public async Task Has_the_same_id_as_the_answer_to_the_upload()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = new RawServer(Ok);
        var request = new OssRequest("PUT", Bucket, "a");
        request.Headers["x-oss-callback"] = new CallbackParameter { Urls = [server.Authority], Body = "id=${reqId}" }.ToBase64();

        using var response = await oss.SendAsync(request, new ByteArrayContent([1]));

        Assert.EndsWith($"\r\n\r\nid={TestOss.Header(response, "x-oss-request-id")}", server.Requests.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Has_the_callbackHost_for_all_urls_and_the_additional_headers_in_their_places()
    {
        await using var oss = await TestOss.StartAsync();
        await using var failing = new RawServer("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        await using var good = new RawServer(Ok);
        var callback = new CallbackParameter
        {
            Urls = [failing.Authority, good.Authority], Host = "callbacks.example.com", Body = "{}", BodyType = CallbackBodyType.Json,
            AdditionalHeaders = new Dictionary<string, string> { ["key1"] = "välue 1", ["a-key"] = "2", ["host"] = "no", ["date"] = "no", ["content-length"] = "99" },
        };

        var lines = await LinesAsync(oss, good, callback);

        Assert.All([failing.Requests.Single(), good.Requests.Single()], request => Assert.StartsWith("POST / HTTP/1.1\r\nHost: callbacks.example.com\r\nConnection: close\r\n", request, StringComparison.Ordinal));
        Assert.Equal(
            ["Host", "Connection", "Content-Length", "a-key", "Authorization", "Content-MD5", "Content-Type", "Date", "key1", "User-Agent"],
            lines.Skip(1).Take(10).Select(line => line.Split(':')[0]));
        Assert.Equal(("a-key: 2", "Content-Type: application/json", "key1: välue 1", "Date: Sun, 01 Jun 2025 12:00:00 GMT"), (lines[4], lines[7], lines[9], lines[8]));
    }

    [Theory]
    [InlineData("http://{0}/p/../q//r?x=%2e%2E&y=a+b", "/p/../q//r?x=%2e%2E&y=a+b")]
    [InlineData("HTTP://{0}", "/")]
    [InlineData("{0}/%E4%B8%AD%E6%96%87.php?key=value", "/%E4%B8%AD%E6%96%87.php?key=value")]
    [InlineData("{0}?only=query", "/?only=query")]
    [InlineData("http://{0}/p?", "/p?")]
    [InlineData("http://{0}/p?a=b#fragment", "/p?a=b")]
    [InlineData("localhost:{1}/p", "/p")]
    [InlineData("{0}/p?next=https://example.com/", "/p?next=https://example.com/")]
    public async Task Goes_to_the_url_to_the_letter(string url, string target)
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = new RawServer(Ok);

        var lines = await LinesAsync(oss, server, new CallbackParameter { Urls = [string.Format(System.Globalization.CultureInfo.InvariantCulture, url, server.Authority, server.Authority.Split(':')[1])], Body = "b" });

        Assert.Equal($"POST {target} HTTP/1.1", lines[0]);
    }

    [Fact]
    public async Task Is_recorded_with_each_url_that_was_called()
    {
        await using var oss = await TestOss.StartAsync();
        await using var failing = new RawServer("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
        await using var odd = new RawServer("nonsense");
        await using var good = new RawServer(Ok);

        await LinesAsync(oss, good, new CallbackParameter { Urls = [failing.Authority, odd.Authority, good.Authority], Body = "o=${object}" });

        Assert.Equal(
            [(failing.Authority, 404, false, "Error status : 404."), (odd.Authority, 0, false, "Error status : -1.OSS can not connect to your callbackUrl, please check it."), (good.Authority, 200, true, "")],
            oss.Emulator.Callbacks.Select(call => (call.Url, call.Status ?? 0, call.Succeeded, call.FailureMessage ?? "")));
        Assert.All(oss.Emulator.Callbacks, call => Assert.Equal(("o=a", oss.Emulator.Callbacks[0].RequestId, Bucket, "a", TimeSpan.Zero), (call.RequestBody, call.RequestId, call.Bucket, call.Key, call.Duration)));
    }
}
