using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Infra.Tests;

/// <summary>What a compiled template must have that the compiler does not ask for; each check gives what is wrong.</summary>
internal static partial class TemplateChecks
{
    /// <summary>Every parameter says what it is; numbers have bounds, texts a length, or a list of values.</summary>
    public static IEnumerable<string> Parameters(JsonNode template) =>
        from module in Modules("main", template)
        from parameter in module.Template["parameters"]?.AsObject() ?? []
        from wrong in Parameter(parameter.Value!)
        select $"{module.Name}: parameter {parameter.Key} {wrong}";

    /// <summary>What is called a secret is one, all the way: as a parameter, and never as an output.</summary>
    public static IEnumerable<string> Secrets(JsonNode template)
    {
        foreach (var (name, module) in Modules("main", template))
        {
            var secure = new List<string>();
            foreach (var (parameter, value) in module["parameters"]?.AsObject() ?? [])
            {
                if (((string?)value!["type"])!.StartsWith("secure", StringComparison.Ordinal))
                {
                    secure.Add(parameter);
                    if (value["defaultValue"] is not null)
                    {
                        yield return $"{name}: parameter {parameter} has a default";
                    }
                }
                else if (SecretName().IsMatch(parameter))
                {
                    yield return $"{name}: parameter {parameter} is not secure";
                }
            }

            foreach (var (output, value) in module["outputs"]?.AsObject() ?? [])
            {
                var text = value!.ToJsonString();
                if (SecretCall().IsMatch(text) || secure.Exists(parameter => text.Contains($"parameters('{parameter}')".Replace("'", "\\u0027", StringComparison.Ordinal), StringComparison.Ordinal)))
                {
                    yield return $"{name}: output {output} tells a secret";
                }
            }
        }
    }

    /// <summary>A parameter that is secure is handed on to secure ones only: deployments keep all others for everybody to read.</summary>
    public static IEnumerable<string> HandedOn(JsonNode template) =>
        from resource in Resources(template)
        where (string?)resource["type"] == "Microsoft.Resources/deployments"
        from argument in resource["properties"]!["parameters"]?.AsObject() ?? []
        where argument.Value!.ToJsonString().Contains("parameters(\\u0027secretValues\\u0027)", StringComparison.Ordinal)
        let type = (string?)resource["properties"]!["template"]!["parameters"]![argument.Key]!["type"]
        where type!.StartsWith("secure", StringComparison.Ordinal) == false
        select $"{resource["name"]}: {argument.Key} gets a secret, and is not secure";

    internal static IEnumerable<(string Name, JsonNode Template)> Modules(string name, JsonNode template) =>
    [
        (name, template),
        .. from resource in Resources(template)
           where (string?)resource["type"] == "Microsoft.Resources/deployments"
           from module in Modules((string)resource["name"]!, resource["properties"]!["template"]!)
           select module,
    ];

    // With symbolic names an object, else a list.
    private static IEnumerable<JsonNode> Resources(JsonNode template) =>
        template["resources"] is JsonObject named ? named.Select(resource => resource.Value!) : template["resources"]!.AsArray().Select(resource => resource!);

    private static IEnumerable<string> Parameter(JsonNode parameter)
    {
        if (string.IsNullOrWhiteSpace((string?)parameter["metadata"]?["description"]))
        {
            yield return "has no description";
        }

        if (parameter["allowedValues"] is null && (string?)parameter["type"] switch
        {
            "int" => parameter["minValue"] is null || parameter["maxValue"] is null,
            // Empty means something where it is the default.
            "string" => parameter["minLength"] is null && parameter["maxLength"] is null && (string?)parameter["defaultValue"] != "",
            _ => false,
        })
        {
            yield return "has no bounds";
        }
    }

    [GeneratedRegex("secret(?!Settings)|password|connectionString|accountKey", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"list\w*\(|ConnectionString|InstrumentationKey|secretValues")]
    private static partial Regex SecretCall();
}
