using System.Net;

namespace OssCallbackFunctions.Tests.Alibaba;

/// <summary>The printed CORS rule lets the app's pages use what is lent.</summary>
public sealed class CorsRuleTests(GuardedApp app) : IClassFixture<GuardedApp>
{
    [Theory]
    [InlineData("default", "query")]
    [InlineData("default", "header")]
    [InlineData("pictures", "header")]
    public async Task A_page_may_send_what_a_presigned_PUT_says(string profile, string callback)
    {
        var put = await app.PresignAsync(new { profile, subject = "u", fileName = "a.png", contentType = "image/png", md5 = "XUFAKrxLKna5cZ2REBfFkg==", callback });
        var headers = put.GetProperty("headers").EnumerateObject().Select(header => header.Name.ToLowerInvariant()).Order().ToArray();
        Assert.Contains("content-md5", headers);
        using var allowed = await PreflightAsync(put.GetProperty("url").GetString()!, GuardedApp.Page, "PUT", headers);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(GuardedApp.Page, allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("ETag", allowed.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);

        using var stranger = await PreflightAsync(put.GetProperty("url").GetString()!, "https://evil.example.com", "PUT", headers);
        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
        using var other = await PreflightAsync(put.GetProperty("url").GetString()!, GuardedApp.Page, "PUT", ["x-custom"]);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Fact]
    public async Task A_page_may_send_a_form_and_what_is_signed_with_a_temporary_key()
    {
        var form = await app.FormAsync(new { });
        using var posted = await PreflightAsync(form.GetProperty("url").GetString()!, GuardedApp.Page, "POST", []);
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        foreach (var method in (string[])["PUT", "POST", "GET", "DELETE"])
        {
            using var signed = await PreflightAsync($"{app.Stack.Oss.Endpoint}/{Sandbox.Stack.Bucket}/lent/u/x", GuardedApp.Page, method, ["authorization", "content-type", "x-oss-date", "x-oss-security-token"]);
            Assert.Equal(HttpStatusCode.OK, signed.StatusCode);
        }
    }

    [Fact]
    public void Without_temporary_keys_pages_may_do_less()
    {
        var cors = GuardedApp.Text(app.Print(null, ("Uploads__Profiles__lent__Sts", "none")), "cors");
        Assert.DoesNotContain("DELETE", cors, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", cors, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Print(null, ("Cors__AllowedOrigins", "")).All, document => document.Part == "cors");
    }

    private async Task<HttpResponseMessage> PreflightAsync(string url, string origin, string method, string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, RunningApp.Raw(url)) { Headers = { { "Origin", origin }, { "Access-Control-Request-Method", method } } };
        if (headers.Length > 0)
        {
            request.Headers.Add("Access-Control-Request-Headers", string.Join(',', headers));
        }

        return await app.Outside.SendAsync(request);
    }
}
