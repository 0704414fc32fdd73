using OssCallbackFunctions.Credentials;

namespace OssCallbackFunctions.Tests.Credentials;

public sealed class KeyTemplateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 1, 4, 5, TimeSpan.FromHours(8));

    [Theory]
    [InlineData("photos/{subject}/{date}/{id}{ext}", "user 7", "a.PNG", "photos/user%207/2026/01/01/ID.png")]
    [InlineData("{id}/{name}{ext}", "", "报告 1.pdf", "ID/报告 1.pdf")]
    [InlineData("{id}", "", "", "ID")]
    [InlineData("{subject}/{id}", "..", "", "%2E%2E/ID")]
    [InlineData("{subject}/{id}", ".", "", "%2E/ID")]
    [InlineData("{subject}/{id}", "a/../b", "", "a%2F..%2Fb/ID")]
    [InlineData("{subject}/{id}", "{id}", "", "%7Bid%7D/ID")]
    [InlineData("{subject}/{id}", "a%2Fb", "", "a%252Fb/ID")]
    [InlineData("{id}-{name}{ext}", "", "{subject}.txt", "ID-_subject_.txt")]
    public void Makes_keys(string text, string subject, string file, string expected)
    {
        Assert.True(KeyTemplate.TryParse(text, out var template, out _));
        Assert.Equal(expected, template.Fill("ID", subject, file, Now));
    }

    [Theory]
    [InlineData("photos/{subject}/{date}/{id}", "photos/a%2Fb/")]
    [InlineData("photos/{subject}/x-{id}", "photos/a%2Fb/")]
    [InlineData("photos/{subject}-{id}", "photos/")]
    [InlineData("{subject}/{id}", "a%2Fb/")]
    [InlineData("{id}/{subject}/x", "")]
    [InlineData("{subject}{id}", "")]
    [InlineData("a{id}/b", "")]
    public void Knows_the_folder_of_a_subject(string text, string prefix)
    {
        Assert.True(KeyTemplate.TryParse(text, out var template, out _));
        Assert.Equal(prefix.Length > 0, template.HasPrefix);
        Assert.Equal(prefix, template.Prefix("a/b"));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/a/{id}", "slash")]
    [InlineData("\\{id}", "slash")]
    [InlineData("a/{user}/{id}", "{subject}")]
    [InlineData("a/{id", "braces")]
    [InlineData("a}/{id}", "braces")]
    [InlineData("{{id}}", "braces")]
    public void Says_what_is_wrong_with_a_template(string text, string why)
    {
        Assert.False(KeyTemplate.TryParse(text, out var template, out var fault));
        Assert.Null(template);
        Assert.Contains(why, fault, StringComparison.Ordinal);
    }
}
