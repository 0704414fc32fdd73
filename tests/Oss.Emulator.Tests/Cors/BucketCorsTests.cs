using System.Net;
using Oss.Emulator.Tests.Buckets;

namespace Oss.Emulator.Tests.Cors;

public sealed class BucketCorsTests
{
    private const string Bucket = TestOss.BucketName;
    private const string Least = "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";

    private static string Configuration(string content) => $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><CORSConfiguration>{content}</CORSConfiguration>";

    private static string Rule(string content) => Configuration($"<CORSRule><AllowedOrigin>http://a.test</AllowedOrigin><AllowedMethod>GET</AllowedMethod>{content}</CORSRule>");

    [Fact]
    public async Task Rules_are_set_read_replaced_and_removed()
    {
        var folder = Directory.CreateTempSubdirectory("oss-emulator-").FullName;
        await using (var oss = await TestOss.StartAsync(folder))
        {
            Assert.Equal((404, "NoSuchCORSConfiguration", "0034-00000001"), await oss.RefusalAsync("GET", Bucket, "cors"));
            using var set = await oss.CallAsync("PUT", Bucket, "cors", Configuration(
                """
                <CORSRule><AllowedOrigin>http://www.a.com</AllowedOrigin><AllowedOrigin>http://*.b.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>
                <AllowedHeader> Authorization</AllowedHeader><AllowedHeader>x-oss-*</AllowedHeader><ExposeHeader>x-oss-test</ExposeHeader><ExposeHeader>ETag</ExposeHeader>
                <MaxAgeSeconds>100</MaxAgeSeconds></CORSRule><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule><ResponseVary>true</ResponseVary>
                """));
            Assert.Equal((HttpStatusCode.OK, 0L), (set.StatusCode, set.Content.Headers.ContentLength));
        }

        await using (var oss = await TestOss.StartAsync(folder))
        {
            Assert.Equal(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <CORSConfiguration>
                  <CORSRule>
                    <AllowedOrigin>http://www.a.com</AllowedOrigin>
                    <AllowedOrigin>http://*.b.com</AllowedOrigin>
                    <AllowedMethod>GET</AllowedMethod>
                    <AllowedMethod>PUT</AllowedMethod>
                    <AllowedHeader>Authorization</AllowedHeader>
                    <AllowedHeader>x-oss-*</AllowedHeader>
                    <ExposeHeader>x-oss-test</ExposeHeader>
                    <ExposeHeader>ETag</ExposeHeader>
                    <MaxAgeSeconds>100</MaxAgeSeconds>
                  </CORSRule>
                  <CORSRule>
                    <AllowedOrigin>*</AllowedOrigin>
                    <AllowedMethod>HEAD</AllowedMethod>
                  </CORSRule>
                  <ResponseVary>true</ResponseVary>
                </CORSConfiguration>
                """,
                await oss.TextAsync("GET", Bucket, "cors"));

            using var replaced = await oss.CallAsync("PUT", Bucket, "cors", Configuration(Least));
            Assert.Equal(["*"], (await oss.XmlAsync("GET", Bucket, "cors")).Texts("AllowedOrigin"));

            using var removed = await oss.CallAsync("DELETE", Bucket, "cors");
            using var again = await oss.CallAsync("DELETE", Bucket, "cors");
            Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (removed.StatusCode, again.StatusCode));
            Assert.Equal((404, "NoSuchCORSConfiguration", "0034-00000001"), await oss.RefusalAsync("GET", Bucket, "cors"));
        }

        Directory.Delete(folder, recursive: true);
    }

    public static TheoryData<string, string, string?> Impossible => new()
    {
        { "", "MalformedXML", null },
        { "no XML", "MalformedXML", null },
        { "<Other/>", "MalformedXML", null },
        { Configuration(""), "MalformedXML", "0034-00000002" },
        { Configuration("<ResponseVary>true</ResponseVary>"), "MalformedXML", "0034-00000002" },
        { Configuration(Least + "<ResponseVary>perhaps</ResponseVary>"), "MalformedXML", null },
        { Configuration("<CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule>"), "MalformedXML", null },
        { Configuration("<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>"), "MalformedXML", null },
        { Configuration("<CORSRule><AllowedOrigin></AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"), "InvalidArgument", null },
        { Configuration("<CORSRule><AllowedOrigin>http://*.*.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"), "InvalidArgument", null },
        { Rule("<AllowedMethod>TEST</AllowedMethod>"), "InvalidArgument", "0034-00000011" },
        { Rule("<AllowedMethod></AllowedMethod>"), "InvalidArgument", "0034-00000011" },
        { Rule("<AllowedMethod>get</AllowedMethod>"), "InvalidArgument", "0034-00000011" },
        { Rule("<AllowedMethod>OPTIONS</AllowedMethod>"), "InvalidArgument", "0034-00000011" },
        { Rule("<AllowedHeader>x-*-*</AllowedHeader>"), "InvalidArgument", null },
        { Rule("<ExposeHeader>x-oss-*</ExposeHeader>"), "InvalidArgument", "0034-00000013" },
        { Rule("<ExposeHeader>a&amp;b</ExposeHeader>"), "InvalidArgument", "0034-00000013" },
        { Rule("<ExposeHeader>a&#10;b</ExposeHeader>"), "InvalidArgument", "0034-00000013" },
        { Rule("<MaxAgeSeconds>-1</MaxAgeSeconds>"), "InvalidArgument", null },
        { Rule("<MaxAgeSeconds>soon</MaxAgeSeconds>"), "InvalidArgument", null },
        { Rule("<MaxAgeSeconds>1000000000</MaxAgeSeconds>"), "InvalidArgument", null },
        { Rule("<MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds>2</MaxAgeSeconds>"), "MalformedXML", null },
        { Configuration(string.Concat(Enumerable.Repeat(Least, 11))), "CORSRuleBeyondLimit", null },
        { Configuration(Least + new string(' ', 16 * 1024)), "MalformedXML", null },
        { string.Concat(Enumerable.Repeat("<a>", 40)), "MalformedXML", null },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task Rules_that_cannot_be_are_refused_and_the_old_ones_stay(string body, string code, string? ec)
    {
        await using var oss = await TestOss.StartAsync();
        using (await oss.CallAsync("PUT", Bucket, "cors", Configuration(Least)))
        {
        }

        Assert.Equal((400, code, ec), await oss.RefusalAsync("PUT", Bucket, "cors", body));
        Assert.Equal(["GET"], (await oss.XmlAsync("GET", Bucket, "cors")).Texts("AllowedMethod"));
    }

    [Fact]
    public async Task Ten_rules_are_taken_and_the_body_is_held_against_its_MD5()
    {
        await using var oss = await TestOss.StartAsync();
        var body = Configuration(string.Concat(Enumerable.Repeat(Least, 10)));
        var md5 = Convert.ToBase64String(TestOss.Md5(System.Text.Encoding.UTF8.GetBytes(body)));

        using var right = await oss.CallAsync("PUT", Bucket, "cors", body, ("Content-MD5", md5));

        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.Equal((400, "InvalidDigest", null), await oss.RefusalAsync("PUT", Bucket, "cors", body + " ", ("Content-MD5", md5)));
    }
}
