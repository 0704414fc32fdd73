using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Oss.Emulator.Tests.Buckets;
using Oss.Emulator.Tests.Forms;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Cors;

public sealed class CrossOriginTests
{
    private const string Bucket = TestOss.BucketName;
    private const string Page = "http://app.test:5173";

    private static readonly string[] Names =
    [
        "Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Max-Age", "Vary",
    ];

    // Two rules: the app may upload; everybody may read.
    private const string Rules = """
        <CORSRule><AllowedOrigin>http://app.test:5173</AllowedOrigin><AllowedOrigin>https://*.app.test</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>
        <AllowedHeader>Content-Type</AllowedHeader><AllowedHeader>x-oss-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><ExposeHeader>x-oss-request-id</ExposeHeader>
        <MaxAgeSeconds>600</MaxAgeSeconds></CORSRule><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod></CORSRule>
        """;

    private static async Task<TestOss> StartAsync(string? further = "")
    {
        var oss = await TestOss.StartAsync();
        if (further is not null)
        {
            using var set = await oss.CallAsync("PUT", Bucket, "cors", $"<CORSConfiguration>{Rules}{further}</CORSConfiguration>");
            Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        }

        return oss;
    }

    private static Task<HttpResponseMessage> PreflightAsync(TestOss oss, string path, string? origin, string? method, string? headers = null)
    {
        (string Name, string? Value)[] given = [("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers)];
        return oss.SendAsync("OPTIONS", oss.Emulator.Endpoint + path, given.Where(header => header.Value is not null).Select(header => KeyValuePair.Create(header.Name, header.Value!)));
    }

    private static string?[] Headers(HttpResponseMessage response) => [.. Names.Select(name => TestOss.Header(response, name))];

    [Theory]
    [InlineData("/examplebucket/a%2Fb/../c")]
    [InlineData("/examplebucket/")]
    [InlineData("/examplebucket")]
    [InlineData("/examplebucket/a?uploadId=1&partNumber=2&x-oss-signature=whatever")]
    public async Task A_preflight_is_answered_without_a_signature(string path)
    {
        await using var oss = await StartAsync();

        using var response = await PreflightAsync(oss, path, Page, "PUT", "content-type, X-OSS-Callback");

        Assert.Equal((HttpStatusCode.OK, 0L), (response.StatusCode, response.Content.Headers.ContentLength));
        Assert.Equal([Page, "PUT, POST", "content-type, X-OSS-Callback", "ETag, x-oss-request-id", "600", null], Headers(response));
        Assert.Equal(24, TestOss.Header(response, "x-oss-request-id")?.Length);
        Assert.Equal("OptionObject", oss.Emulator.Requests[^1].Operation);
    }

    [Theory]
    [InlineData("https://www.app.test", "PUT", "https://www.app.test")]
    [InlineData("https://a.b.app.test", "POST", "https://a.b.app.test")]
    [InlineData("http://elsewhere.test", "GET", "*")]
    [InlineData("http://app.test:5173", "GET", "*")]
    [InlineData("null", "HEAD", "*")]
    public async Task The_first_rule_that_fits_decides(string origin, string method, string allowed)
    {
        await using var oss = await StartAsync();

        using var response = await PreflightAsync(oss, "/examplebucket/a", origin, method);

        Assert.Equal((HttpStatusCode.OK, allowed), (response.StatusCode, TestOss.Header(response, "Access-Control-Allow-Origin")));
        Assert.Null(TestOss.Header(response, "Access-Control-Allow-Headers"));
    }

    [Theory]
    [InlineData("http://elsewhere.test", "PUT", null)]
    [InlineData("http://app.test", "PUT", null)]
    [InlineData("HTTP://APP.TEST:5173", "PUT", null)]
    [InlineData("https://.app.test.evil", "PUT", null)]
    [InlineData("https:/app.test", "PUT", null)]
    [InlineData(Page, "DELETE", null)]
    [InlineData(Page, "put", null)]
    [InlineData(Page, "PUT", "content-type,authorization")]
    [InlineData(Page, "GET", "x-oss-date")]
    public async Task What_no_rule_fits_is_forbidden(string origin, string method, string? headers)
    {
        await using var oss = await StartAsync();

        using var response = await PreflightAsync(oss, "/examplebucket/a", origin, method, headers);

        Assert.Equal([null, null, null, null, null, null], Headers(response));
        var error = await TestOss.ErrorAsync(response);
        Assert.Equal((403, "AccessForbidden"), (error.HttpStatus, error.Code));
        Assert.Equal(
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
            error.Message);
    }

    [Theory]
    [InlineData("/examplebucket/a", Page, "PUT", 403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")]
    [InlineData("/", Page, "PUT", 403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")]
    [InlineData("/missing-bucket/a", Page, "PUT", 404, "NoSuchBucket", "The specified bucket does not exist.")]
    [InlineData("/examplebucket/a", null, "PUT", 400, "BadRequest", "Insufficient information. Origin request header needed.")]
    [InlineData("/examplebucket/a", Page, null, 400, "BadRequest", "Insufficient information. Request Access-Control-Request-Method header needed.")]
    public async Task A_preflight_without_rules_or_without_its_headers_is_refused(string path, string? origin, string? method, int status, string code, string message)
    {
        await using var oss = await StartAsync(further: null);

        var error = await TestOss.ErrorAsync(await PreflightAsync(oss, path, origin, method));

        Assert.Equal((status, code, message), (error.HttpStatus, error.Code, error.Message));
    }

    [Fact]
    public async Task A_preflight_by_virtual_host_is_about_the_bucket_of_the_host()
    {
        await using var oss = await StartAsync();

        using var response = await oss.SendAsync(
            "OPTIONS", oss.Emulator.Endpoint + "/a", [new("Host", "examplebucket.oss-cn-hangzhou.localhost"), new("Origin", Page), new("Access-Control-Request-Method", "PUT")]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((Bucket, "a"), (oss.Emulator.Requests[^1].Bucket, oss.Emulator.Requests[^1].Key));
    }

    [Fact]
    public async Task Replies_carry_the_headers_also_when_they_refuse()
    {
        await using var oss = await StartAsync();
        string?[] upload = [Page, "PUT, POST", null, "ETag, x-oss-request-id", "600", null];
        var request = new OssRequest("PUT", Bucket, "a") { Headers = { ["Origin"] = Page } };

        using var stored = await oss.SendAsync(request, new ByteArrayContent([1]));
        using var unsigned = await oss.SendAsync("PUT", $"{oss.Emulator.Endpoint}/{Bucket}/a", [new("Origin", Page)], new ByteArrayContent([1]));
        using var missing = await oss.SendAsync(new OssRequest("GET", Bucket, "none") { Headers = { ["Origin"] = "http://elsewhere.test" } });
        using var head = await oss.SendAsync(new OssRequest("HEAD", Bucket, "none") { Headers = { ["Origin"] = "http://elsewhere.test" } });

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [stored.StatusCode, unsigned.StatusCode, missing.StatusCode, head.StatusCode]);
        Assert.Equal(upload, Headers(stored));
        Assert.Equal(upload, Headers(unsigned));
        Assert.Equal(["*", "GET, HEAD", null, null, null, null], Headers(missing));
        Assert.Equal(["*", "GET, HEAD", null, null, null, null], Headers(head));
    }

    [Fact]
    public async Task Forms_and_failed_callbacks_carry_the_headers()
    {
        await using var oss = await StartAsync();
        var callback = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"callbackUrl":"http://127.0.0.1:1/","callbackBody":"a=1"}"""));

        using var form = await TestForm.PostAsync(oss, TestForm.Body(TestForm.Sign(oss).Fields, [1, 2]), null, ("Origin", Page));
        using var called = await oss.SendAsync(new OssRequest("PUT", Bucket, "a") { Headers = { ["Origin"] = Page, ["x-oss-callback"] = callback } }, new ByteArrayContent([1]));

        Assert.Equal((HttpStatusCode.NoContent, Page), (form.StatusCode, TestOss.Header(form, "Access-Control-Allow-Origin")));
        Assert.Equal((203, Page), ((int)called.StatusCode, TestOss.Header(called, "Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("http://elsewhere.test")]
    [InlineData(null)]
    public async Task A_request_that_no_rule_fits_is_served_without_them(string? origin)
    {
        await using var oss = await StartAsync();
        var request = new OssRequest("PUT", Bucket, "a");
        if (origin is not null)
        {
            request.Headers["Origin"] = origin;
        }

        using var stored = await oss.SendAsync(request, new ByteArrayContent([1]));

        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Equal([null, null, null, null, null, null], Headers(stored));
    }

    [Fact]
    public async Task ResponseVary_is_on_every_reply()
    {
        await using var oss = await StartAsync("<ResponseVary>true</ResponseVary>");

        using var plain = await oss.SendAsync(new OssRequest("GET", Bucket, "none"));
        using var allowed = await PreflightAsync(oss, "/examplebucket/a", Page, "PUT");
        using var forbidden = await PreflightAsync(oss, "/examplebucket/a", Page, "DELETE");

        Assert.Equal(["Origin", "Origin", "Origin"], [TestOss.Header(plain, "Vary"), TestOss.Header(allowed, "Vary"), TestOss.Header(forbidden, "Vary")]);
    }

    [Fact]
    public async Task Buckets_can_have_rules_from_the_start_unless_they_have_their_own()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-");
        Task<OssEmulator> StartAsync(params string[] origins) => OssEmulator.StartAsync(new OssEmulatorOptions
        {
            DataFolder = folder.FullName,
            Buckets = [Bucket],
            Clock = new FakeTimeProvider(),
            CorsRules = origins.Length == 0 ? [] : [CorsRule.ForBrowsers(origins)],
        });
        static async Task<string?> AllowedAsync(OssEmulator emulator, string origin)
        {
            using var http = new HttpClient();
            using var preflight = new HttpRequestMessage(HttpMethod.Options, $"{emulator.Endpoint}/{Bucket}/a")
            {
                Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "PUT" }, { "Access-Control-Request-Headers", "x-oss-callback,anything" } },
            };
            using var response = await http.SendAsync(preflight);
            return TestOss.Header(response, "Access-Control-Expose-Headers");
        }

        await using (var emulator = await StartAsync())
        {
            Assert.Null(await AllowedAsync(emulator, Page));
        }

        await using (var emulator = await StartAsync(Page))
        {
            Assert.Equal("ETag, x-oss-request-id, x-oss-hash-crc64ecma, x-oss-next-append-position", await AllowedAsync(emulator, Page));
            Assert.Null(await AllowedAsync(emulator, "http://elsewhere.test"));
        }

        await using (var emulator = await StartAsync("http://elsewhere.test"))
        {
            Assert.Null(await AllowedAsync(emulator, "http://elsewhere.test"));
            Assert.NotNull(await AllowedAsync(emulator, Page));
        }

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => StartAsync("http://*.*"));
        Assert.Contains("http://*.*", refused.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }
}
