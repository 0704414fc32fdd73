using System.Buffers;
using System.Text;
using System.Text.Json;
using OssCallbackFunctions.Callbacks;
using OssCallbackFunctions.Grants;

namespace OssCallbackFunctions.Tests.Callbacks;

public sealed class AnswerTemplateTests
{
    private static readonly CallbackProfileOptions Profile = new() { CallbackFields = "imageInfo.height", Variables = new() { ["order"] = "" } };

    private static readonly UploadGrant Grant = new("id-1", "photos", "用户 7", DateTimeOffset.UnixEpoch) { Variables = new Dictionary<string, string> { ["order"] = "4\"2" } };

    private static readonly UploadEventData Told = new("id-1", "photos", "用户 7", "bucket", "a/{b}\u0001", 5_368_709_121, "ETAG", "image/png", "18446744073709551615", "PutObject", null)
    {
        Claims = new CallbackClaims(null, new ImageClaims(480, null, null), null, null),
    };

    [Theory]
    [InlineData("{size}", "5368709121")]
    [InlineData(" {size}", "\" 5368709121\"")]
    [InlineData("{size}{size}", "\"53687091215368709121\"")]
    [InlineData("{imageInfo.height}", "480")]
    [InlineData("{ossRequestId}", "null")]
    [InlineData("({ossRequestId})", "\"()\"")]
    [InlineData("{crc64}", "\"18446744073709551615\"")]
    [InlineData("{key}", "\"a/{b}\\u0001\"")]
    [InlineData("{variables.order}", "\"4\\u00222\"")]
    [InlineData("{subject}", "\"\\u7528\\u6237 7\"")]
    [InlineData("", "\"\"")]
    [InlineData("{{size}}", "\"{size}\"")]
    [InlineData("{{{size}}}", "\"{5368709121}\"")]
    [InlineData("a}}b{{", "\"a}b{\"")]
    public void Writes_a_lone_field_as_it_is_and_the_rest_as_text(string template, string expected)
    {
        var (read, fault) = AnswerTemplate.Parse(template, Profile);
        Assert.Null(fault);
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            read!.Write(writer, new UploadAnswer("verified", Grant, Told.Bucket, Told.Key, Told));
        }

        Assert.Equal(expected, Encoding.UTF8.GetString(json.WrittenSpan));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("a{b")]
    [InlineData("{}")]
    [InlineData("{Size}")]
    [InlineData("{size }")]
    [InlineData("{state}")]
    [InlineData("{clientIp}")]
    [InlineData("{variables.other}")]
    [InlineData("{variables.}")]
    [InlineData("{size}}")]
    public void Refuses_what_it_does_not_know(string template)
    {
        var (read, fault) = AnswerTemplate.Parse(template, Profile);
        Assert.Null(read);
        Assert.NotNull(fault);
    }

    [Fact]
    public void Stays_far_below_the_1_MB_that_OSS_takes()
    {
        var profile = new CallbackProfileOptions { Answer = Enumerable.Range(0, 32).ToDictionary(n => $"member{n}", _ => "{key}") };
        Assert.True(new AnswerSettings().Validate(null, new() { Profiles = { ["p"] = profile } }).Succeeded);
        var answers = new CallbackAnswers(Microsoft.Extensions.Options.Options.Create(new CallbackProfilesOptions { Profiles = { ["p"] = profile } }));
        var grant = new UploadGrant("id", "p", "", DateTimeOffset.UnixEpoch);
        var told = Told with { Key = new string('\u0001', 1023) };
        var answer = answers.Of(new CallbackOutcome(CallbackVerification.Verified, grant, null, told))!;
        Assert.InRange(answer.Length, 32 * 1023, 256 * 1024);
        using var json = JsonDocument.Parse(answer);

        profile.Answer["member0"] = "{key}{key}";
        Assert.True(new AnswerSettings().Validate(null, new() { Profiles = { ["p"] = profile } }).Failed);
    }
}
