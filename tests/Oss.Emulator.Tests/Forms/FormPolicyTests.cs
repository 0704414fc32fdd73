using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Forms;

public sealed class FormPolicyTests
{
    private const string Expiration = "\"expiration\":\"2025-06-01T13:00:00.000Z\"";
    private static readonly byte[] File = TestOss.Bytes(100);

    private static async Task<OssError?> PostAsync(TestOss oss, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var response = await TestForm.PostAsync(oss, TestForm.Body(fields, File));
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            response.Dispose();
            return null;
        }

        Assert.Empty(oss.SegmentFiles());
        return await TestOss.ErrorAsync(response);
    }

    [Theory]
    [InlineData("""["eq","$key","user/a"]""", true)]
    [InlineData("""["starts-with","$key","user/"]""", true)]
    [InlineData("""["starts-with","$key",""]""", true)]
    [InlineData("""["starts-with","$key","User/"]""", false)]
    [InlineData("""["in","$key",["x","user/a"]]""", true)]
    [InlineData("""["in","$key",["x","user/b"]]""", false)]
    [InlineData("""["not-in","$key",["user/b"]]""", true)]
    [InlineData("""["not-in","$key",["user/a"]]""", false)]
    [InlineData("""{"x:price":"\\$5"}""", true)]
    [InlineData("""["starts-with","$x:price","\\$"]""", true)]
    [InlineData("""["EQ","$X:Price","\\$5"]""", true)]
    [InlineData("""{"x:price":"$6"}""", false)]
    [InlineData("""{"bucket":"examplebucket"}""", true)]
    [InlineData("""{"bucket":"other-bucket"}""", false)]
    [InlineData("""["content-length-range",100,100]""", true)]
    public async Task Holds_a_form_to_its_conditions(string condition, bool holds)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await PostAsync(oss, TestForm.SignText(oss, $$"""{{{Expiration}},"conditions":[{V4},{{condition}}]}""", null, ("key", "user/a"), ("x:price", "$5")));

        Assert.Equal(holds ? (null, null, null) : (403, "AccessDenied", "0006-00000227"), (error?.HttpStatus, error?.Code, error?.Ec));
    }

    [Theory]
    [InlineData("""["eq","$callback","x"]""")]
    [InlineData("""["starts-with","$Content-Type",""]""")]
    [InlineData("""["not-in","$cache-control",["no-cache"]]""")]
    public async Task A_field_that_a_condition_names_must_be_there(string condition)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await PostAsync(oss, TestForm.SignText(oss, $$"""{{{Expiration}},"conditions":[{V4},{{condition}}]}""", null, ("key", "k")));

        Assert.Equal((403, "AccessDenied", "0006-00000226"), (error?.HttpStatus, error?.Code, error?.Ec));
    }

    [Theory]
    [InlineData("no json", "0006-00000201")]
    [InlineData("""{"conditions":[{V4}]}""", "0006-00000208")]
    [InlineData("{}", "0006-00000209")]
    [InlineData("""{"expiration":123,"conditions":[{V4}]}""", "0006-00000210")]
    [InlineData("""{"expiration":"","conditions":[{V4}]}""", "0006-00000211")]
    [InlineData("""{"expiration":"2025-06-01T13:00:00.000Z"}""", "0006-00000207")]
    [InlineData("""{"expiration":"2025-06-01T13:00:00.000Z","conditions":[]}""", "0006-00000207")]
    [InlineData("""{"expiration":"2025-06-01T13:00:00.000Z","conditions":{}}""", "0006-00000214")]
    [InlineData("""{"expiration":"2025-06-01T13:00:00.000Z","conditions":[{V4},[]]}""", "0006-00000216")]
    [InlineData("""{"expiration":"2025-06-01T13:00:00.000Z","conditions":[{V4},["starts-with","$key","user/user1","test"]]}""", "0006-00000218")]
    [InlineData("""{"expiration":"2025-06-01T13:00:00.000Z","conditions":[{V4},["content-length-range",20,10]]}""", "0006-00000219")]
    [InlineData("""{"expiration":"2025-06-01T13:00:00.000Z","conditions":[{V4},["content-length-range",10,"test"]]}""", "0006-00000221")]
    [InlineData("""{"expiration":"2025-06-01T13:00:00.000Z","conditions":[{V4},7]}""", "0006-00000222")]
    public async Task A_policy_that_is_none_is_refused(string policy, string ec)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await PostAsync(oss, TestForm.SignText(oss, policy, null, ("key", "k")));

        Assert.Equal((400, "InvalidPolicyDocument", ec), (error?.HttpStatus, error?.Code, error?.Ec));
    }

    [Theory]
    [InlineData("x-oss-signature-version")]
    [InlineData("x-oss-credential")]
    [InlineData("x-oss-date")]
    public async Task A_V4_policy_must_name_what_it_is_signed_with(string field)
    {
        await using var oss = await TestOss.StartAsync();
        var time = oss.Clock.GetUtcNow();
        var conditions = new Dictionary<string, string>
        {
            ["x-oss-signature-version"] = "OSS4-HMAC-SHA256", ["x-oss-credential"] = oss.Signer.Credential(time), ["x-oss-date"] = V4Timestamp.ToText(time),
        };
        string Policy() => $$"""{{{Expiration}},"conditions":[{"key":"k"}{{string.Concat(conditions.Select(condition => $$""",{"{{condition.Key}}":"{{condition.Value}}"}"""))}}]}""";

        Assert.Null(await PostAsync(oss, TestForm.SignText(oss, Policy(), null, ("key", "k"))));
        await oss.Client.DeleteObjectAsync(TestOss.BucketName, "k");
        conditions[field] += "x";
        var other = await PostAsync(oss, TestForm.SignText(oss, Policy(), null, ("key", "k")));
        conditions.Remove(field);
        var missing = await PostAsync(oss, TestForm.SignText(oss, Policy(), null, ("key", "k")));

        Assert.Equal((403, "AccessDenied", "0006-00000227"), (other?.HttpStatus, other?.Code, other?.Ec));
        Assert.Equal((400, "InvalidPolicyDocument"), (missing?.HttpStatus, missing?.Code));
    }

    [Theory]
    [InlineData("policy")]
    [InlineData("x-oss-credential")]
    [InlineData("x-oss-date")]
    [InlineData("x-oss-signature")]
    public async Task A_form_that_lacks_what_signs_it_is_refused(string field)
    {
        await using var oss = await TestOss.StartAsync();

        var error = await PostAsync(oss, TestForm.Sign(oss, fields: [("key", "k")]).Fields.Where(f => f.Key != field));

        Assert.Equal((400, "InvalidArgument"), (error?.HttpStatus, error?.Code));
    }

    [Fact]
    public async Task A_form_without_a_policy_is_anonymous_and_a_policy_that_nobody_signed_is_half_a_signature()
    {
        await using var oss = await TestOss.StartAsync();
        var policy = TestForm.Sign(oss, fields: [("key", "k")]).Fields.Where(field => !field.Key.StartsWith("x-oss-", StringComparison.Ordinal));

        var anonymous = await PostAsync(oss, [new("key", "k")]);
        var half = await PostAsync(oss, policy);

        Assert.Equal((403, "AccessDenied"), (anonymous?.HttpStatus, anonymous?.Code));
        Assert.Equal((400, "InvalidArgument"), (half?.HttpStatus, half?.Code));
    }

    [Fact]
    public async Task A_V1_form_is_held_to_its_policy_and_needs_no_conditions_of_V4()
    {
        await using var oss = await TestOss.StartAsync();
        await using var server = await CallbackServer.StartAsync();
        var policy = Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{{{Expiration}},"conditions":[["starts-with","$key","user/"],["content-length-range",1,100]]}"""));
#pragma warning disable CA5350 // The algorithm is OSS's choice.
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(TestOss.Key.Secret), Encoding.UTF8.GetBytes(policy)));
#pragma warning restore CA5350
        KeyValuePair<string, string>[] Fields(string key, string signed) => [new("key", key), new("OSSAccessKeyId", TestOss.Key.Id), new("policy", policy), new("Signature", signed)];
        var callback = new CallbackParameter { Urls = [server.Url], Body = "k=${object}&a=${x:a}" };

        var elsewhere = await PostAsync(oss, Fields("other/a", signature));
        var wrong = await PostAsync(oss, Fields("user/a", Convert.ToBase64String(new byte[20])));
        var good = await PostAsync(oss, Fields("user/a", signature));
        using var called = await TestForm.PostAsync(oss, TestForm.Body([.. Fields("user/b", signature), new("callback", callback.ToBase64()), new("x:a", "1")], File));

        Assert.Equal((403, "AccessDenied", "0006-00000227"), (elsewhere?.HttpStatus, elsewhere?.Code, elsewhere?.Ec));
        Assert.Equal((403, "SignatureDoesNotMatch"), (wrong?.HttpStatus, wrong?.Code));
        Assert.Null(good);
        Assert.Equal((200, "k=user%2Fb&a=1"), ((int)called.StatusCode, server.Calls.Single().Text));
    }

    [Theory]
    [InlineData("-15:00", null)]
    [InlineData("-15:01", "RequestTimeTooSkewed")]
    [InlineData("7.00:00:00", null)]
    [InlineData("7.00:00:01", "RequestTimeTooSkewed")]
    public async Task A_form_is_good_from_15_minutes_before_its_date_to_7_days_after(string age, string? code)
    {
        await using var oss = await TestOss.StartAsync();
        var policy = """{"expiration":"2030-01-01T00:00:00.000Z","conditions":[{V4}]}""";
        var signed = oss.Clock.GetUtcNow() - TimeSpan.Parse(age.StartsWith('-') ? "-00:" + age[1..] : age, CultureInfo.InvariantCulture);

        var error = await PostAsync(oss, TestForm.SignText(oss, policy, signed, ("key", "k")));

        Assert.Equal((code, code is null ? (int?)null : 403), (error?.Code, error?.HttpStatus));
    }

    [Fact]
    public async Task A_policy_is_good_until_it_expires()
    {
        await using var oss = await TestOss.StartAsync();
        var fields = TestForm.Sign(oss, fields: [("key", "k")]).Fields;

        oss.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Null(await PostAsync(oss, fields));
        await oss.Client.DeleteObjectAsync(TestOss.BucketName, "k");
        oss.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var error = await PostAsync(oss, fields);

        Assert.Equal((403, "AccessDenied", "Invalid according to Policy: Policy expired.", "0006-00000213"), (error?.HttpStatus, error?.Code, error?.Message, error?.Ec));
    }

    [Fact]
    public async Task A_temporary_key_signs_with_its_token()
    {
        await using var oss = await TestOss.StartAsync();
        var signer = new V4Signer(TestOss.TemporaryKey, "cn-hangzhou");
        var form = PostForm.Sign(signer, oss.Endpoint, TestOss.BucketName, [new("key", "k")], 0, 1000, oss.Clock.GetUtcNow(), TimeSpan.FromMinutes(5));

        var without = await PostAsync(oss, form.Fields.Where(field => field.Key != "x-oss-security-token"));
        var other = await PostAsync(oss, form.Fields.Select(field => field.Key == "x-oss-security-token" ? new(field.Key, "other") : field));

        Assert.Equal((403, "InvalidSecurityToken"), (without?.HttpStatus, without?.Code));
        Assert.Equal((403, "InvalidSecurityToken"), (other?.HttpStatus, other?.Code));
        Assert.Null(await PostAsync(oss, form.Fields));
    }

    [Fact]
    public async Task A_field_that_no_condition_names_may_be_added()
    {
        await using var oss = await TestOss.StartAsync();

        Assert.Null(await PostAsync(oss, TestForm.Sign(oss, fields: [("key", "k")]).Fields.Append(new("x-oss-meta-added", "by the browser"))));
    }
}
