using System.Text;

namespace Oss.Protocol.Tests;

public sealed class PostPolicyTests
{
    private static readonly DateTimeOffset Expiration = Some.Time.AddHours(1);

    [Fact]
    public void Writes_the_conditions_as_OSS_documents_them()
    {
        var policy = new PostPolicy(Expiration).Equal("bucket", "b").StartsWith("key", "user/").In("content-type", "image/png", "image/jpeg")
            .NotIn("x-oss-object-acl", "public-read").ContentLengthRange(1, 1024);

        Assert.Equal(
            """{"expiration":"2025-01-02T04:04:05.000Z","conditions":[{"bucket":"b"},["starts-with","$key","user/"],["in","$content-type",["image/png","image/jpeg"]],["not-in","$x-oss-object-acl",["public-read"]],["content-length-range",1,1024]]}""",
            Encoding.UTF8.GetString(Convert.FromBase64String(policy.ToBase64())));
    }

    [Fact]
    public void Escapes_what_JSON_and_the_policy_s_own_syntax_ask_for() => Assert.Equal(
        """{"expiration":"2025-01-02T04:04:05.000Z","conditions":[{"x:\"a\"":"\\$5 \"quoted\" \\ 中文\n"},["in","$x:none",[]]]}""",
        Encoding.UTF8.GetString(Convert.FromBase64String(new PostPolicy(Expiration).Equal("x:\"a\"", "$5 \"quoted\" \\ 中文\n").In("x:none").ToBase64())));

    [Theory]
    [InlineData("equal", "a", "a", true)]
    [InlineData("equal", "a", "A", false)]
    [InlineData("equal", "a", "", false)]
    [InlineData("equal", "", "", true)]
    [InlineData("equal", "${filename}", "${filename}", true)]
    [InlineData("equal", "$5 \\$6 \\", "$5 \\$6 \\", true)]
    [InlineData("equal", "$5", "\\$5", false)]
    [InlineData("starts-with", "user/7/", "user/7/a", true)]
    [InlineData("starts-with", "user/7/", "user/7/", true)]
    [InlineData("starts-with", "user/7/", "user/70", false)]
    [InlineData("starts-with", "User", "user", false)]
    [InlineData("starts-with", "", "anything", true)]
    [InlineData("starts-with", "", "", true)]
    [InlineData("starts-with", "$x", "$xy", true)]
    [InlineData("in", "a|b", "b", true)]
    [InlineData("in", "a|b", "c", false)]
    [InlineData("in", "a|$b", "$b", true)]
    [InlineData("in", "a|b", "a|b", false)]
    [InlineData("not-in", "a|b", "c", true)]
    [InlineData("not-in", "a|b", "a", false)]
    [InlineData("not-in", "a|b", "", true)]
    public void Holds_a_form_to_its_condition(string kind, string wanted, string value, bool holds)
    {
        var policy = new PostPolicy(Expiration);
        _ = kind switch
        {
            "equal" => policy.Equal("x:field", wanted),
            "starts-with" => policy.StartsWith("x:field", wanted),
            "in" => policy.In("x:field", wanted.Split('|')),
            _ => policy.NotIn("x:field", wanted.Split('|')),
        };

        var error = Parse(policy).Check(Fields(("X:Field", value)), Some.Bucket, Some.Time);

        Assert.Equal(holds ? null : "0006-00000227", error?.Ec);
        Assert.Equal(holds ? null : OssErrorCode.AccessDenied.Code, error?.Code);
        Assert.Equal("0006-00000226", Parse(policy).Check(Fields(("other", value)), Some.Bucket, Some.Time)?.Ec);
    }

    [Fact]
    public void Holds_any_text_to_itself()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var text = new Arbitrary(seed).Text(30);
            var document = Parse(new PostPolicy(Expiration).Equal("key", text).StartsWith("key", text).In("key", text, "x").NotIn("key", text + "x"));
            Assert.Null(document.Check(Fields(("key", text)), Some.Bucket, Some.Time));
            Assert.NotNull(document.Check(Fields(("key", text + "x")), Some.Bucket, Some.Time));
        }
    }

    [Fact]
    public void Takes_the_bucket_from_where_the_form_was_sent_and_not_from_a_field()
    {
        var document = Parse(new PostPolicy(Expiration).Equal("bucket", Some.Bucket));
        Assert.Null(document.Check(Fields(("bucket", "other")), Some.Bucket, Some.Time));
        Assert.Equal("0006-00000227", document.Check(Fields(("bucket", Some.Bucket)), "other", Some.Time)?.Ec);
    }

    [Fact]
    public void Names_the_condition_that_failed() => Assert.Equal(
        "Invalid according to Policy: Policy Condition failed: [\"starts-with\", \"$key\", \"user/\"]",
        Parse(new PostPolicy(Expiration).StartsWith("key", "user/")).Check(Fields(("key", "x")), Some.Bucket, Some.Time)?.Message);

    [Fact]
    public void Expires_to_the_moment()
    {
        var document = Parse(new PostPolicy(Expiration).Equal("bucket", Some.Bucket));
        Assert.Equal(Expiration, document.Expiration);
        Assert.Null(document.Check(Fields(), Some.Bucket, Expiration - TimeSpan.FromTicks(1)));
        var error = document.Check(Fields(), Some.Bucket, Expiration);
        Assert.Equal((OssErrorCode.AccessDenied.Code, "Invalid according to Policy: Policy expired.", "0006-00000213"), (error?.Code, error?.Message, error?.Ec));
    }

    [Fact]
    public void Takes_the_narrowest_of_its_size_ranges()
    {
        var none = Parse(new PostPolicy(Expiration).Equal("bucket", Some.Bucket));
        Assert.Equal((0, OssLimits.MaxSimpleUploadSize), (none.MinSize, none.MaxSize));
        var two = Parse(new PostPolicy(Expiration).ContentLengthRange(0, 100).ContentLengthRange(10, 1000));
        Assert.Equal((10, 100), (two.MinSize, two.MaxSize));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(2, 1)]
    public void Makes_no_size_range_that_nothing_fits(long min, long max) => Assert.Throws<ArgumentOutOfRangeException>(() => new PostPolicy(Expiration).ContentLengthRange(min, max));

    [Theory]
    [InlineData("x-oss-signature-version")]
    [InlineData("x-oss-credential")]
    [InlineData("x-oss-date")]
    [InlineData("x-oss-security-token")]
    public void A_form_signed_with_V4_must_have_its_signature_s_fields_fixed_by_the_policy(string missing)
    {
        string[] names = ["x-oss-signature-version", "x-oss-credential", "x-oss-date", "x-oss-security-token"];
        var fields = Fields([.. names.Select(name => (name, "v"))]);
        var all = new PostPolicy(Expiration);
        var notAll = new PostPolicy(Expiration).StartsWith(missing, "");
        foreach (var name in names)
        {
            all.Equal(name, "v");
            if (name != missing)
            {
                notAll.Equal(name, "v");
            }
        }

        Assert.Null(Parse(all).Check(fields, Some.Bucket, Some.Time));
        Assert.Equal(OssErrorCode.InvalidPolicyDocument.Code, Parse(notAll).Check(fields, Some.Bucket, Some.Time)?.Code);
    }

    [Theory]
    [InlineData("""{"expiration":"2025-01-02T04:04:05Z","conditions":[["EQ","$key","a"]]}""")]
    [InlineData("""{"expiration":"2025-01-02T04:04:05.000Z","conditions":[["content-length-range",0,0]],"other":1}""")]
    [InlineData(""" { "conditions" : [ {"key":"a\/b"} ] , "expiration" : "2025-01-02T04:04:05.000Z" } """)]
    public void Reads_other_spellings(string json) => Assert.True(PostPolicyDocument.TryParse(Base64(json), out _, out _));

    [Theory]
    [InlineData("no base64", "0006-00000201")]
    [InlineData("", "0006-00000201")]
    [InlineData("json:{", "0006-00000201")]
    [InlineData("json:[]", "0006-00000201")]
    [InlineData("json:null", "0006-00000201")]
    [InlineData("json:{\"expiration\":\"2025-01-02T04:04:05.000Z\",\"conditions\":[{\"key\":\"a\"},]}", "0006-00000201")]
    [InlineData("json:{\"conditions\":[{\"key\":\"a\"}]}", "0006-00000208")]
    [InlineData("json:{}", "0006-00000209")]
    [InlineData("json:{\"expiration\":\"\",\"conditions\":[{\"key\":\"a\"}]}", "0006-00000211")]
    [InlineData("json:{\"expiration\":\"tomorrow\",\"conditions\":[{\"key\":\"a\"}]}", null)]
    [InlineData("json:{\"expiration\":1735787045,\"conditions\":[{\"key\":\"a\"}]}", "0006-00000210")]
    [InlineData("json:{\"expiration\":\"2025-01-02 04:04:05\",\"conditions\":[{\"key\":\"a\"}]}", null)]
    [InlineData("json:{\"expiration\":\"2025-01-02T04:04:05.000Z\"}", "0006-00000207")]
    [InlineData("[]", "0006-00000207")]
    [InlineData("{\"key\":\"a\"}", "0006-00000214")]
    [InlineData("\"text\"", "0006-00000214")]
    [InlineData("[\"text\"]", "0006-00000222")]
    [InlineData("[7]", "0006-00000222")]
    [InlineData("[{}]", null)]
    [InlineData("[{\"a\":\"1\",\"b\":\"2\"}]", null)]
    [InlineData("[{\"a\":1}]", null)]
    [InlineData("[[]]", "0006-00000216")]
    [InlineData("[[7,\"$key\",\"a\"]]", "0006-00000216")]
    [InlineData("[[\"like\",\"$key\",\"a\"]]", null)]
    [InlineData("[[\"eq\",\"key\",\"a\"]]", null)]
    [InlineData("[[\"eq\",\"$\",\"a\"]]", null)]
    [InlineData("[[\"eq\",\"$key\"]]", null)]
    [InlineData("[[\"eq\",\"$key\",\"a\",\"b\"]]", "0006-00000218")]
    [InlineData("[[\"eq\",\"$key\",[\"a\"]]]", null)]
    [InlineData("[[\"in\",\"$key\",\"a\"]]", null)]
    [InlineData("[[\"in\",\"$key\",[1]]]", null)]
    [InlineData("[[\"content-length-range\",1]]", "0006-00000221")]
    [InlineData("[[\"content-length-range\",\"1\",2]]", "0006-00000221")]
    [InlineData("[[\"content-length-range\",2,1]]", "0006-00000219")]
    [InlineData("[[\"content-length-range\",-1,1]]", "0006-00000221")]
    [InlineData("[[\"content-length-range\",0.5,1]]", "0006-00000221")]
    [InlineData("[[\"content-length-range\",0,99999999999999999999]]", "0006-00000221")]
    [InlineData("[{\"key\":\"\\ud800\"}]", "0006-00000201")]
    [InlineData("[[\"\\udc00\",\"$key\",\"a\"]]", "0006-00000201")]
    [InlineData("bytes:7B2265787069726174696F6E223A22FF227D", "0006-00000201")]
    public void Refuses_a_malformed_policy(string text, string? ec)
    {
        var policy = text switch
        {
            ['j', 's', 'o', 'n', ':', .. var json] => Base64(json),
            ['b', 'y', 't', 'e', 's', ':', .. var hex] => Convert.ToBase64String(Convert.FromHexString(hex)),
            ['[' or '{' or '"', ..] => Base64($$"""{"expiration":"2025-01-02T04:04:05.000Z","conditions":{{text}}}"""),
            _ => text,
        };
        Assert.False(PostPolicyDocument.TryParse(policy, out _, out var error));
        Assert.Equal((OssErrorCode.InvalidPolicyDocument.Code, ec), (error.Code, error.Ec));
    }

    [Fact]
    public void Refuses_a_policy_nested_out_of_all_proportion() =>
        Assert.False(PostPolicyDocument.TryParse(Base64(new string('[', 100_000)), out _, out _));

    private static PostPolicyDocument Parse(PostPolicy policy)
    {
        Assert.True(PostPolicyDocument.TryParse(policy.ToBase64(), out var document, out var error), error?.ToString());
        return document;
    }

    private static Dictionary<string, string> Fields(params (string Name, string Value)[] fields) =>
        fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.OrdinalIgnoreCase);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
