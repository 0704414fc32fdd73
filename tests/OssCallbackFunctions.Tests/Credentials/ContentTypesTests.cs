using OssCallbackFunctions.Credentials;

namespace OssCallbackFunctions.Tests.Credentials;

public sealed class ContentTypesTests
{
    [Theory]
    [InlineData(null, "image/png", true)]
    [InlineData(null, "application/octet-stream", true)]
    [InlineData(null, "text/html", false)]
    [InlineData(null, "TEXT/HTML; charset=utf-8", false)]
    [InlineData(null, "image/svg+xml", false)]
    [InlineData(null, "application/xhtml+xml", false)]
    [InlineData("image/*", "image/svg+xml", false)]
    [InlineData("image/*", "IMAGE/SVG+XML", false)]
    [InlineData("image/*;image/svg+xml", "image/svg+xml", true)]
    [InlineData("image/*", "image/svg", false)]
    [InlineData("text/*", "text/html;x", false)]
    [InlineData("text/*", "text/javascript1.5", false)]
    [InlineData("text/*", "text/csv", true)]
    [InlineData("application/*", "application/rss+xml", false)]
    [InlineData("application/*", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", true)]
    [InlineData("application/*", "application/postscript", true)]
    [InlineData(null, "application/x-javascript", false)]
    [InlineData(null, "application/mathml+xml", false)]
    [InlineData(null, "multipart/x-mixed-replace", false)]
    [InlineData(null, "unknown/unknown", false)]
    [InlineData(null, "text/plain", true)]
    [InlineData("image/*;application/pdf", "application/pdf", true)]
    [InlineData("image/*;application/pdf", "Application/PDF", true)]
    [InlineData("image/*", "imagex/png", false)]
    [InlineData("image/*", "text/plain", false)]
    [InlineData("text/plain", "text/plain;charset=utf-8", true)]
    [InlineData("text/plain", "text/plainer", false)]
    [InlineData("*/*", "text/html", true)]
    public void Allows(string? list, string type, bool expected) => Assert.Equal(expected, ContentTypes.Parse(list)!.Allow(type));

    [Theory]
    [InlineData("image")]
    [InlineData("image/png;/")]
    [InlineData("*/png")]
    [InlineData("image/p*g")]
    [InlineData("a\r\nb/c")]
    public void Does_not_take_for_a_list(string list) => Assert.Null(ContentTypes.Parse(list));
}
