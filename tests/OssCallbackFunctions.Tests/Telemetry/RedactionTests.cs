using System.Diagnostics;
using OssCallbackFunctions.Telemetry;

namespace OssCallbackFunctions.Tests.Telemetry;

/// <summary>What is taken out of texts that others write, and what is left.</summary>
public sealed class RedactionTests
{
    [Theory]
    [InlineData("GET https://bucket.oss.example.com/a/b.jpg?x-oss-signature=0123456789abcdef", "GET https://bucket.oss.example.com/*")]
    [InlineData("see https://hooks.example.com/services/T0/B0/secret, and more", "see https://hooks.example.com/* and more")]
    [InlineData("POST /api/callbacks/oss/eyJ0b2tlbiI6MX0/more?a=b failed", "POST /api/callbacks/oss/* failed")]
    [InlineData("/prefix/callbacks/oss/token", "/prefix/callbacks/oss/*")]
    [InlineData("/api/u/v1.token/s3/params?filename=a", "/api/u/*")]
    [InlineData("?se=2026&sig=abcdefgh%2B&sp=r", "?se=2026&sig=*&sp=r")]
    [InlineData("Signature=abcdefghij&Expires=1", "Signature=*&Expires=1")]
    [InlineData("x-oss-security-token: CAISabcdefgh", "x-oss-security-token: *")]
    [InlineData("Authorization: SharedKey account:abcdefgh=", "Authorization: SharedKey *")]
    [InlineData("AccountName=a;AccountKey=Eby8vdM02xNO;Queue", "AccountName=a;AccountKey=*;Queue")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw is it", "whsec_* is it")]
    [InlineData("{\"policy\":\"eyJleHBpcmF0aW9uIjo\"}", "{\"policy\":\"*\"}")]
    [InlineData("/api/uploads?code=functionkey1", "/api/uploads?code=*")]
    public void Takes_out_what_gives_rights(string text, string redacted) => Assert.Equal(redacted, Redaction.Of(text));

    [Theory]
    [InlineData("Upload 7f3 Verified: PutObject")]
    [InlineData("GrantExpired, code: too_late")]
    [InlineData("https://bucket.oss.example.com/")]
    [InlineData("Callback refused: SignatureRefused, upload null")]
    [InlineData("/api/uploads/presigned-put")]
    public void Leaves_what_gives_none(string text) => Assert.Same(text, Redaction.Of(text));

    [Fact]
    public void A_span_loses_its_URLs_and_one_whose_exception_tells_is_not_exported()
    {
        using var span = new Activity("span") { ActivityTraceFlags = ActivityTraceFlags.Recorded };
        span.SetTag("url.full", "https://a.example.com/b?sig=abcdefgh").SetTag("url.query", "a=b").SetTag("http.request.method", "GET").SetStatus(ActivityStatusCode.Error, "https://a.example.com/b");
        new RedactedSpans().OnEnd(span);
        Assert.Equal(("https://a.example.com/*", "*", "GET", "https://a.example.com/*", true), (span.GetTagItem("url.full"), span.GetTagItem("url.query"), span.GetTagItem("http.request.method"), span.StatusDescription, span.Recorded));
        span.AddException(new InvalidOperationException("No answer from https://a.example.com/b?sig=abcdefgh"));
        new RedactedSpans().OnEnd(span);
        Assert.False(span.Recorded);
    }
}
