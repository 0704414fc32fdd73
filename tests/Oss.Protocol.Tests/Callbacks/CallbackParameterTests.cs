using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Oss.Protocol.Tests;

public sealed class CallbackParameterTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Cases => Vector.Ids("callback-param");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Writes_the_JSON_that_OSS_reads(string id)
    {
        var vector = Vector.Get("callback-param", id);
        var parameter = Parameter(vector);

        using var callback = JsonDocument.Parse(Convert.FromBase64String(parameter.ToBase64()));
        AssertSameMembers(vector.Expected.GetProperty("decodedCallback"), callback.RootElement);
        var variables = parameter.VariablesToBase64();
        Assert.Equal(parameter.Variables.Count == 0, variables is null);
        if (variables is not null)
        {
            using var json = JsonDocument.Parse(Convert.FromBase64String(variables));
            Assert.True(JsonElement.DeepEquals(vector.Expected.GetProperty("decodedCallbackVar"), json.RootElement));
        }

        Assert.True(CallbackParameter.TryParse(parameter.ToBase64(), variables, out var read, out var error), error?.ToString());
        AssertSame(parameter, read);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reads_what_the_SDKs_write(string id)
    {
        var vector = Vector.Get("callback-param", id);
        foreach (var sdk in vector.Member("sdkOutputs").EnumerateObject())
        {
            var parsed = CallbackParameter.TryParse(sdk.Value.Text("callbackBase64"), sdk.Value.TextOrNull("callbackVarBase64"), out var parameter, out var error);
            if (!IsJson(sdk.Value.Text("callbackBase64")))
            {
                // The SDK leaves the escaping to its caller.
                Assert.Equal("0007-00000003", error?.Ec);
                continue;
            }

            Assert.True(parsed, $"{sdk.Name}: {error}");
            // The C# SDK (V1) does not know the member.
            var knowsSni = sdk.Value.Text("callbackJsonText").Contains("callbackSNI", StringComparison.Ordinal);
            AssertSame(Parameter(vector) is var expected && knowsSni ? expected : expected with { Sni = false }, parameter!);
        }
    }

    [Fact]
    public void Reads_what_it_writes()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var arbitrary = new Arbitrary(seed);
            var parameter = new CallbackParameter
            {
                Urls = [.. Enumerable.Range(1, 1 + arbitrary.Below(5)).Select(i => $"https://h{i}.example.com:{i}/{OssEncoding.EncodePath(arbitrary.Text(5))}?q={OssEncoding.Encode(arbitrary.Text(9))}")],
                Host = arbitrary.Below(2) == 0 ? null : arbitrary.Name(9),
                Body = "b" + arbitrary.Text(80),
                BodyType = arbitrary.Below(2) == 0 ? CallbackBodyType.Form : CallbackBodyType.Json,
                Sni = arbitrary.Below(2) == 0,
                AdditionalHeaders = Enumerable.Range(0, arbitrary.Below(4)).ToDictionary(i => $"key-{i}", _ => arbitrary.Text(9).ReplaceLineEndings("")),
                Variables = Enumerable.Range(0, arbitrary.Below(4)).ToDictionary(i => $"x:{i}{arbitrary.Name(4)}", _ => arbitrary.Text(30)),
            };

            Assert.True(CallbackParameter.TryParse(parameter.ToBase64(), parameter.VariablesToBase64(), out var read, out var error), error?.ToString());
            AssertSame(parameter, read);
        }
    }

    [Fact]
    public void Is_not_made_of_what_is_no_Unicode()
    {
        foreach (var text in (string[])["\ud800", "a\udc00b"])
        {
            Assert.ThrowsAny<ArgumentException>(() => new CallbackParameter { Urls = ["http://h/"], Body = text }.ToBase64());
            Assert.ThrowsAny<ArgumentException>(() => new PostPolicy(Some.Time).Equal("key", text).ToBase64());
        }
    }

    [Fact]
    public void Is_the_JSON_that_the_library_writes()
    {
        for (var length = 0; length < 300; length++)
        {
            // What is escaped, and what takes two characters, at each place of the buffers in between.
            var body = new string('a', length) + "😀\"\\\n\u0001中" + new Arbitrary(length).Text(700);
            var parameter = new CallbackParameter { Urls = ["http://h/"], Body = body, BodyType = CallbackBodyType.Json, Variables = new Dictionary<string, string> { ["x:\"é"] = body } };

            Assert.Equal(Json(new JsonObject { ["callbackUrl"] = "http://h/", ["callbackBody"] = body, ["callbackBodyType"] = "application/json" }), parameter.ToBase64());
            Assert.Equal(Json(new JsonObject { ["x:\"é"] = body }), parameter.VariablesToBase64());
        }

        static string Json(JsonObject json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json.ToJsonString(Relaxed)));
    }

    [Theory]
    [InlineData("not base64!", "0007-00000002")]
    [InlineData("", "0007-00000002")]
    [InlineData("json:", "0007-00000002")]
    [InlineData("json:callbackUrl=http://h", "0007-00000003")]
    [InlineData("json:[]", "0007-00000003")]
    [InlineData("json:null", "0007-00000003")]
    [InlineData("json:\"text\"", "0007-00000003")]
    [InlineData("json:{\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":7,\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"ftp://h/\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://[::1]/\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h:0/\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h:-1/\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h/a b\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h/中文?a=b\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h/?a=中\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\\\"\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"www.callback-example.com:test\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h:/\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h:+80/\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h:65536/\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://u:p@h/\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://@h/\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http:///p\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\";;\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"http://h/;nonsense://\",\"callbackBody\":\"b\"}", "0007-00000004")]
    [InlineData("json:{\"callbackUrl\":\"a.example;b.example;c.example;d.example;e.example;f.example\",\"callbackBody\":\"b\"}", "0007-00000005")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\"}", "0007-00000011")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"\"}", "0007-00000011")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"callbackBodyType\":\"text/plain\"}", null)]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"callbackBodyType\":123}", "0007-00000012")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":[1,2,3]}", null)]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"callbackHost\":[1,2,3]}", "0007-00000009")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"callbackHost\":\"a b\"}", null)]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"callbackHost\":\"a/b\"}", null)]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"callbackHost\":\"a\\r\\nb: c\"}", null)]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"additionalHeaders\":123}", "0007-00000021")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"additionalHeaders\":{\"\":\"v\"}}", "0007-00000023")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"additionalHeaders\":{\"&*\":\"v\"}}", null)]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"additionalHeaders\":{\"Key\":\"v\"}}", null)]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"additionalHeaders\":{\"k\":1}}", null)]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"additionalHeaders\":{\"k\":\"a\\r\\nb\"}}", "0007-00000025")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"additionalHeaders\":{\"x-oss-test\":\"v\"}}", "0007-00000026")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"additionalHeaders\":{\"k\":\"\\ud800\"}}", "0007-00000003")]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\",\"additionalHeaders\":{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\",\"e\":\"\",\"f\":\"\",\"g\":\"\",\"h\":\"\",\"i\":\"\",\"j\":\"\",\"k\":\"\"}}", null)]
    [InlineData("json:{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"\\ud800\"}", "0007-00000003")]
    [InlineData("bytes:7B2263616C6C6261636B55726C223A22687474703A2F2F68FF227D", "0007-00000003")]
    [InlineData("bytes:7B22FF223A31", "0007-00000003")]
    [InlineData("bytes:7B22FF223A317D", "0007-00000003")]
    public void Refuses_a_callback_as_OSS_does_before_it_stores_anything(string text, string? ec)
    {
        var callback = text.StartsWith("json:", StringComparison.Ordinal) ? Base64(text[5..])
            : text.StartsWith("bytes:", StringComparison.Ordinal) ? Convert.ToBase64String(Convert.FromHexString(text[6..]))
            : text;
        Assert.False(CallbackParameter.TryParse(callback, null, out _, out var error));
        Assert.Equal((OssErrorCode.InvalidArgument.Code, ec), (error.Code, error.Ec));
        // What could be decoded is shown decoded.
        var shown = ec == "0007-00000002" ? callback : Encoding.UTF8.GetString(Convert.FromBase64String(callback));
        Assert.Equal([new("ArgumentName", "callback"), new("ArgumentValue", shown)], error.Details);
    }

    [Theory]
    [InlineData("no base64", "0007-00000102")]
    [InlineData("text", "0007-00000103")]
    [InlineData("[]", "0007-00000103")]
    [InlineData("{\"x:a\":\"\\udc00\"}", "0007-00000103")]
    [InlineData("{\"a\":\"1\"}", null)]
    [InlineData("{\"x:a\":1}", null)]
    [InlineData("{\"x:Up\":\"1\"}", null)]
    public void Refuses_variables_that_are_no_object_of_texts_named_x(string json, string? ec)
    {
        Assert.False(CallbackParameter.TryParse(Valid, json == "no base64" ? json : Base64(json), out _, out var error));
        Assert.Equal((ec, "callback-var"), (error.Ec, error.Details[0].Value));
    }

    [Fact]
    public void Refuses_more_than_5_KB_of_either()
    {
        Assert.False(CallbackParameter.TryParse(new string('A', 5121), null, out _, out var error));
        Assert.Equal(("callback", "0007-00000001"), (error.Details[0].Value, error.Ec));
        Assert.False(CallbackParameter.TryParse(Valid, new string('A', 5121), out _, out error));
        Assert.Equal(("callback-var", "0007-00000101"), (error.Details[0].Value, error.Ec));
    }

    [Fact]
    public void Takes_a_URL_without_a_scheme_and_members_it_does_not_know()
    {
        Assert.True(CallbackParameter.TryParse(
            Base64("{\"callbackUrl\":\"oss-demo.aliyuncs.com:23450/cb?x=1\",\"callbackBody\":\"b\",\"additionalHeaders\":{\"a\":\"b\"},\"other\":[{}]}"), "", out var parameter, out _));
        Assert.Equal(["oss-demo.aliyuncs.com:23450/cb?x=1"], parameter.Urls);
        Assert.Equal([new("a", "b")], parameter.AdditionalHeaders);
        Assert.Empty(parameter.Variables);
    }

    private static string Valid => Base64("{\"callbackUrl\":\"http://h/\",\"callbackBody\":\"b\"}");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static CallbackParameter Parameter(Vector vector) => new()
    {
        Urls = vector.Input.Text("callbackUrl").Split(';'),
        Host = vector.Input.TextOrNull("callbackHost"),
        Body = vector.Input.Text("callbackBody"),
        BodyType = vector.Input.TextOrNull("callbackBodyType") == "application/json" ? CallbackBodyType.Json : CallbackBodyType.Form,
        Sni = vector.Input.GetProperty("callbackSNI").ValueKind == JsonValueKind.True,
        Variables = vector.Input.GetProperty("callbackVar").EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!),
    };

    private static void AssertSame(CallbackParameter expected, CallbackParameter actual)
    {
        Assert.Equal(expected.Urls, actual.Urls);
        Assert.Equal((expected.Host, expected.Body, expected.BodyType, expected.Sni), (actual.Host, actual.Body, actual.BodyType, actual.Sni));
        Assert.Equal(expected.AdditionalHeaders.OrderBy(pair => pair.Key), actual.AdditionalHeaders.OrderBy(pair => pair.Key));
        Assert.Equal(expected.Variables.OrderBy(pair => pair.Key), actual.Variables.OrderBy(pair => pair.Key));
    }

    private static void AssertSameMembers(JsonElement expected, JsonElement actual)
    {
        var wanted = expected.EnumerateObject()
            .Where(member => !(member.Name == "callbackBodyType" && member.Value.GetString() == "application/x-www-form-urlencoded"))
            .ToDictionary(member => member.Name, member => member.Value);
        Assert.Equal(wanted.Keys.Order(), actual.EnumerateObject().Select(member => member.Name).Order());
        Assert.All(wanted, member => Assert.True(JsonElement.DeepEquals(member.Value, actual.GetProperty(member.Key)), member.Key));
    }

    private static bool IsJson(string base64)
    {
        try
        {
            using var json = JsonDocument.Parse(Convert.FromBase64String(base64));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
