using Oss.Emulator.Callbacks;
using Oss.Protocol;

namespace Oss.Emulator.Tests.Callbacks;

public sealed class CallbackBodyTests
{
    private static object? Find(string name) => name switch
    {
        "text" => "a/b c:\"中\"",
        "number" => 42L,
        "tricky" => "${number}",
        _ => null,
    };

    [Theory]
    [InlineData("", "")]
    [InlineData("no variables $ { } %", "no variables $ { } %")]
    [InlineData("t=${text}&n=${number}", "t=a%2Fb%20c%3A%22%E4%B8%AD%22&n=42")]
    [InlineData("${tricky}", "%24%7Bnumber%7D")]
    [InlineData("${Number}|${}|${x:none}", "||")]
    [InlineData("%24%7Bnumber%7D", "%24%7Bnumber%7D")]
    [InlineData("${number", "${number")]
    [InlineData("$${number}}", "$42}")]
    public void Fills_in_a_form(string template, string expected) => Assert.Equal(expected, CallbackBody.Fill(template, CallbackBodyType.Form, Find));

    [Theory]
    [InlineData("""{"t":${text},"n":${number},"x":${none}}""", """{"t":"a/b c:\"中\"","n":42,"x":""}""")]
    [InlineData("""{"t":${tricky}}""", """{"t":"${number}"}""")]
    public void Fills_in_json_with_the_quotes_of_its_strings(string template, string expected) =>
        Assert.Equal(expected, CallbackBody.Fill(template, CallbackBodyType.Json, Find));
}
