using System.Text.Json.Nodes;
using Sandbox;

namespace Infra.Tests;

/// <summary>Each check finds nothing in what there is, and what is wrong in a copy that was made wrong.</summary>
public sealed class TemplateTests(Deployment deployment)
{
    [Fact]
    public void Every_parameter_is_described_and_bounded() => Check(TemplateChecks.Parameters,
        (template => Parameters(template)["httpConcurrency"]!.AsObject().Remove("metadata"), "main: parameter httpConcurrency has no description"),
        (template => Parameters(template)["httpConcurrency"]!.AsObject().Remove("maxValue"), "main: parameter httpConcurrency has no bounds"),
        (template => Parameters(Module(template, "storage"))["sku"]!.AsObject().Remove("allowedValues"), "storage: parameter sku has no bounds"));

    [Fact]
    public void Secrets_are_secure_and_no_output_tells_one() => Check(TemplateChecks.Secrets,
        (template => Parameters(template)["secretValues"]!["type"] = "object", "main: parameter secretValues is not secure"),
        (template => Parameters(template)["secretValues"]!["defaultValue"] = new JsonObject(), "main: parameter secretValues has a default"),
        (template => Module(template, "keyvault")["outputs"]!["name"]!["value"] = "[parameters('values').Grants__Secret]", "keyvault: output name tells a secret"),
        (template => Module(template, "storage")["outputs"]!["name"]!["value"] = "[listKeys('account', '2026-06-01')]", "storage: output name tells a secret"));

    [Fact]
    public void Secrets_are_handed_on_as_secrets() => Check(TemplateChecks.HandedOn,
        (template => Parameters(Module(template, "keyvault"))["values"]!["type"] = "object", "keyvault: values gets a secret, and is not secure"));

    [Fact]
    public void Every_module_is_in_the_template()
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra", "modules"), "*.bicep").Count();
        Assert.Equal(files, TemplateChecks.Modules("main", deployment.Template).Skip(1).Select(module => (string?)module.Template["metadata"]!["description"]).Distinct().Count());
    }

    private void Check(Func<JsonNode, IEnumerable<string>> check, params (Action<JsonNode> Break, string Finding)[] mistakes)
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        Assert.Empty(check(deployment.Template));
        Mistakes.AreFound(deployment.Template, check, mistakes);
    }

    private static JsonObject Parameters(JsonNode template) => template["parameters"]!.AsObject();

    private static JsonNode Module(JsonNode template, string name) => TemplateChecks.Modules("main", template).Single(module => module.Name == name).Template;
}
