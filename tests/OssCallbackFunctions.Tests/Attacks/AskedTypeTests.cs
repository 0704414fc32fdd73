using System.Net;
using OssCallbackFunctions.Tests.UploadSessions;

namespace OssCallbackFunctions.Tests.Attacks;

/// <summary>s7: a browser would run these from the bucket's domain, so they are lent only where a profile names them.</summary>
[Trait("hole", "s7")]
public sealed class AskedTypeTests(RunningApp app)
{
    private static readonly string[] Lending = ["/api/uploads/presigned-put", "/api/uploads/form-post", "/api/uploads"];

    public static TheoryData<string> ActiveTypes =>
    [
        "text/html", "TEXT/HTML", "text/html;x", "text/html; charset=utf-8", "text/html ;a=b", "application/xhtml+xml", "image/svg+xml", "Image/SVG+XML", "image/svg+xml;charset=utf-8", "text/xml", "application/xml",
        "application/rss+xml", "application/mathml+xml", "text/javascript", "application/javascript", "application/x-javascript", "text/ecmascript", "text/javascript1.5", "text/xsl", "application/xslt+xml",
        "application/x-shockwave-flash", "multipart/x-mixed-replace", "multipart/related", "message/rfc822", "unknown/unknown", "application/unknown", "*/*", "image/*",
    ];

    [Theory]
    [MemberData(nameof(ActiveTypes))]
    public async Task No_credential_is_lent_for_what_browsers_run(string contentType)
    {
        var expected = (HttpStatusCode.BadRequest, "invalid_content_type");
        foreach (var path in Lending)
        {
            Assert.Equal(expected, await app.RefusalAsync(path, new { key = RunningApp.NewKey("x.png"), contentType, size = 5 }));
            Assert.Equal(expected, await app.RefusalAsync(path, new { profile = "photos", subject = "u", fileName = "x.png", contentType, size = 5 }));
        }

        foreach (var profile in (string[])["files", "gallery"])
        {
            var (_, client) = await SessionClient.OpenAsync(app, new { kind = "session", profile, subject = "u" });
            Assert.Equal(expected, await client.RefusedAsync(HttpMethod.Get, "/s3/params?filename=x.png&type=" + Uri.EscapeDataString(contentType)));
            Assert.Equal(expected, await client.RefusedAsync(HttpMethod.Post, "/s3/multipart", new { filename = "x.png", type = contentType }));
        }
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("image/webp")]
    [InlineData("IMAGE/JPEG")]
    public async Task Images_are_lent_under_image_all(string contentType)
    {
        var put = await app.PresignAsync(new { profile = "photos", subject = "u", fileName = "x.png", contentType, size = 1 });
        Attacker.IsVerified((await app.PutAsync(put, [1])).Body);
        Assert.Equal(contentType, (await app.Oss.HeadObjectAsync(Sandbox.Stack.Bucket, put.GetProperty("key").GetString()!))!.ContentType);
    }
}
