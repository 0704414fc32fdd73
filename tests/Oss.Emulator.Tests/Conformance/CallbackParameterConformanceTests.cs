using static Oss.Emulator.Tests.Conformance.ConformanceRun;

namespace Oss.Emulator.Tests.Conformance;

/// <summary>Callbacks that OSS refuses before it stores anything; nobody is called.</summary>
public sealed class CallbackParameterConformanceTests
{
    private const string Good = """{"callbackUrl":"http://callback.example.com/","callbackBody":"b=${x:b}"}""";

    private static string Base64(string text) => Convert.ToBase64String(Utf8(text));

    [Theory]
    [OnEachTarget("no json", "0007-00000003")]
    [OnEachTarget("""{"callbackUrl":"ftp://callback.example.com","callbackBody":"b"}""", "0007-00000004")]
    [OnEachTarget("""{"callbackUrl":"a.example.com;b.example.com;c.example.com;d.example.com;e.example.com;f.example.com","callbackBody":"b"}""", "0007-00000005")]
    [OnEachTarget("""{"callbackUrl":"http://callback.example.com","callbackBody":""}""", "0007-00000011")]
    public async Task Refuses_a_callback_that_is_none(string target, string callback, string ec)
    {
        await using var oss = await StartAsync(target);

        var reply = await oss.RefusedAsync(400, "InvalidArgument", ec, oss.Request("PUT", "a", ("x-oss-callback", Base64(callback))), [1]);

        Assert.Equal("callback", reply.Detail("ArgumentName"));
        await oss.AssertMissingAsync("a");
    }

    [Theory, OnEachTarget]
    public async Task Refuses_what_is_not_base64(string target)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(400, "InvalidArgument", "0007-00000002", oss.Request("PUT", "a", ("x-oss-callback", "{}")), [1]);

        await oss.AssertMissingAsync("a");
    }

    [Theory, OnEachTarget]
    public async Task Refuses_variables_that_are_none(string target)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(
            400, "InvalidArgument", "0007-00000103", oss.Request("PUT", "a", ("x-oss-callback", Base64(Good)), ("x-oss-callback-var", Base64("no json"))), [1]);

        await oss.AssertMissingAsync("a");
    }

    [Theory, OnEachTarget]
    public async Task Refuses_a_callback_that_comes_in_header_and_query(string target)
    {
        await using var oss = await StartAsync(target);

        await oss.RefusedAsync(
            400, "InvalidArgument", "0007-00000027", oss.Request("PUT", "a", ("x-oss-callback", Base64(Good))).With("callback", Base64(Good)), [1]);

        await oss.AssertMissingAsync("a");
    }
}
