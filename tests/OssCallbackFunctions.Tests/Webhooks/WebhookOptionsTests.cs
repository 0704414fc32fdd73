using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using OssCallbackFunctions.Webhooks;

namespace OssCallbackFunctions.Tests.Webhooks;

public sealed class WebhookOptionsTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Theory]
    [InlineData("https://example.com/hook?x=1", Secret, null, false, null)]
    [InlineData("http://127.0.0.1:8080/hook", Secret, Secret, true, null)]
    [InlineData("http://127.0.0.1:8080/hook", Secret, null, false, "Webhooks__main__Url")]
    [InlineData("http://example.com/hook", Secret, null, true, "Webhooks__main__Url")]
    [InlineData("http://127.0.0.1.example.com/hook", Secret, null, true, "Webhooks__main__Url")]
    [InlineData("https://user:pw@example.com/hook", Secret, null, false, "Webhooks__main__Url")]
    [InlineData("https://example.com/hook#x", Secret, null, false, "Webhooks__main__Url")]
    [InlineData("/hook", Secret, null, false, "Webhooks__main__Url")]
    [InlineData("", Secret, null, false, "Webhooks__main__Url")]
    [InlineData("https://example.com/hook", "", null, false, "Webhooks__main__Secret")]
    [InlineData("https://example.com/hook", Secret, "whsec_c2hvcnQ=", false, "Webhooks__main__PreviousSecret")]
    public void Says_which_setting_is_wrong_and_repeats_no_secret(string url, string secret, string? previous, bool allowHttp, string? named)
    {
        var options = new WebhookOptions { All = { ["main"] = new() { Url = url, Secret = secret, PreviousSecret = previous, AllowHttp = allowHttp } } };
        var wrong = options.Validate(new ValidationContext(options)).Select(result => result.ErrorMessage!).ToArray();
        if (named is null)
        {
            Assert.Empty(wrong);
            return;
        }

        Assert.StartsWith(named + " ", Assert.Single(wrong), StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ", wrong[0], StringComparison.Ordinal);
        Assert.DoesNotContain("pw@", wrong[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("名")]
    [InlineData("")]
    public void Refuses_a_name_that_is_none(string name)
    {
        var options = new WebhookOptions { All = { [name] = new() { Url = "https://example.com/", Secret = Secret } } };
        Assert.Contains("is no name", Assert.Single(options.Validate(new ValidationContext(options))).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_webhook_without_any_setting_does_not_count()
    {
        var options = new WebhookOptions { All = { ["main"] = new() } };
        Assert.Empty(options.Validate(new ValidationContext(options)));
        Assert.Empty(new WebhookList(Options.Create(options)).For("default"));
    }

    [Fact]
    public void Gives_each_webhook_the_events_of_its_profiles()
    {
        var options = new WebhookOptions
        {
            All =
            {
                ["Everything"] = new() { Url = "https://example.com/1", Secret = Secret },
                ["photos"] = new() { Url = "https://example.com/2", Secret = Secret, Profiles = "photos; avatars;" },
            },
        };
        var webhooks = new WebhookList(Options.Create(options));
        Assert.Equal(["everything", "photos"], webhooks.For("avatars"));
        Assert.Equal(["everything", "photos"], webhooks.For("Photos"));
        Assert.Equal(["everything"], webhooks.For("photo"));
        Assert.True(webhooks.TryFind("PHOTOS", out _));
    }
}
