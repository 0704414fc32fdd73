using System.Net;
using System.Text.RegularExpressions;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Pages;

public sealed class StatusPageTests
{
    private const string Bucket = TestOss.BucketName;

    [Fact]
    public async Task Lists_buckets_uploads_callbacks_and_requests_with_what_came_of_them()
    {
        await using var called = await CallbackServer.StartAsync(http => CallbackServer.WriteAsync(http, 500, "{}"));
        await using var oss = await TestOss.StartAsync();
        await oss.Client.PutObjectAsync(Bucket, "dir/a.txt", UploadBody.From(new byte[1234]));
        var upload = await oss.Client.InitiateMultipartUploadAsync(Bucket, "open upload");
        await oss.Client.UploadPartAsync(Bucket, "open upload", upload, 1, UploadBody.From(new byte[5678]));
        await Assert.ThrowsAsync<OssException>(() => oss.Client.GetObjectAsync(Bucket, "missing"));
        var callback = new CallbackParameter { Urls = [called.Url + "/called?token=confidential"], Body = "key=${object}" };
        var put = new OssRequest("PUT", Bucket, "called");
        put.Headers["x-oss-callback"] = callback.ToBase64();
        using var answer = await oss.SendAsync(put, new ByteArrayContent([1]));

        var page = await PageAsync(oss, "");

        Assert.Equal(203, (int)answer.StatusCode);
        Assert.Contains(Row(Bucket, "private", "-", "Standard", "2025-06-01 12:00:00Z", "2", "1,235"), page, StringComparison.Ordinal);
        Assert.Contains(Row(Bucket, "open upload", upload, "2025-06-01 12:00:00Z", "1", "5,678"), page, StringComparison.Ordinal);
        Assert.Contains($"<td>{called.Url}/called</td><td>500</td><td><span class=\"failed\">", page, StringComparison.Ordinal);
        Assert.Contains($"<td>GetObject</td><td>{Bucket}/missing</td><td>404</td><td><span class=\"failed\">NoSuchKey</span></td><td>0</td><td>V4Header</td><td>{TestOss.Key.Id}</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("confidential", page, StringComparison.Ordinal);
        Assert.Equal(5, oss.Emulator.Requests.Count);
    }

    [Fact]
    public async Task Shows_a_bucket_folder_by_folder_and_page_by_page()
    {
        await using var oss = await TestOss.StartAsync();
        foreach (var key in (string[])["<b>&\"", "a/1", "a/2", "中文 +%.txt", .. Enumerable.Range(100, 200).Select(number => $"many/{number}")])
        {
            await oss.Client.PutObjectAsync(Bucket, key, UploadBody.From(new byte[1]));
        }

        await oss.Client.PutObjectAsync(Bucket, "many/zzz", UploadBody.From(new byte[9]));

        var root = await PageAsync(oss, $"?bucket={Bucket}");
        var folder = await PageAsync(oss, $"?bucket={Bucket}&prefix=many/");
        var next = await PageAsync(oss, WebUtility.HtmlDecode(Regex.Match(folder, "href=\"[^\"]*(\\?[^\"]*)\">Next<").Groups[1].Value));

        Assert.Equal(["<b>&\"", "a/", "many/", "中文 +%.txt"], Keys(root));
        Assert.Contains("?bucket=examplebucket&amp;prefix=a%2F&amp;after=", root, StringComparison.Ordinal);
        Assert.Equal(200, Keys(folder).Length);
        Assert.Equal(["many/zzz"], Keys(next));
        Assert.DoesNotContain(">Next<", next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_and_loads_nothing_and_is_not_kept()
    {
        await using var oss = await TestOss.StartAsync();

        using var page = await oss.SendAsync("GET", oss.Emulator.Endpoint + "/_emulator/", []);
        using var head = await oss.SendAsync("HEAD", oss.Emulator.Endpoint + "/_emulator", []);
        using var post = await oss.SendAsync("POST", oss.Emulator.Endpoint + "/_emulator/", []);
        using var other = await oss.SendAsync("GET", oss.Emulator.Endpoint + "/_emulator/else", []);

        Assert.Equal(("text/html; charset=utf-8", "no-store"), (TestOss.Header(page, "Content-Type"), TestOss.Header(page, "Cache-Control")));
        Assert.StartsWith("default-src 'none';", TestOss.Header(page, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync()).Length));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET,HEAD"), (post.StatusCode, TestOss.Header(post, "Allow")));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Contains("/_emulator/faults", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_emulator/")]
    [InlineData("_emulator/faults")]
    [InlineData("_emulator/callback-public-key.pem")]
    public async Task Leaves_keys_of_a_bucket_with_its_own_host_alone(string key)
    {
        await using var oss = await TestOss.StartAsync();

        using var reply = await oss.SendAsync("GET", $"{oss.Emulator.Endpoint}/{key}", [new("Host", $"{Bucket}.oss-cn-hangzhou.localhost")]);

        Assert.Equal("AccessDenied", (await TestOss.ErrorAsync(reply)).Code);
        Assert.Equal((Bucket, key), (oss.Emulator.Requests.Single().Bucket, oss.Emulator.Requests.Single().Key));
    }

    private static string Row(string first, params string[] cells) =>
        (first == Bucket && cells[0] == "private" ? $">{first}</a></td>" : $"<td>{first}</td>") + string.Concat(cells.Select(cell => $"<td>{cell}</td>"));

    // The first table is that of the bucket's contents.
    private static string[] Keys(string page) => [.. Regex.Matches(page.Split("</table>")[0], "<tr><td>(?:<a [^>]*>)?([^<]*)").Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    private static async Task<string> PageAsync(TestOss oss, string query)
    {
        using var response = await oss.SendAsync("GET", $"{oss.Emulator.Endpoint}/_emulator/{query}", []);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
