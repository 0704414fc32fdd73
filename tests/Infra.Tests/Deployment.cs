using System.Text.Json.Nodes;
using Infra.Tests;
using Sandbox;

[assembly: AssemblyFixture(typeof(Deployment))]

namespace Infra.Tests;

/// <summary>Everything that the compiler makes of <c>infra</c>, made once: each of its runs takes seconds.</summary>
public sealed class Deployment : IAsyncLifetime
{
    internal const string SecretValue = "what-nobody-may-see";

    internal static readonly Dictionary<string, string> Dev = new(StringComparer.Ordinal)
    {
        ["OSS_REGION"] = "cn-hangzhou",
        ["OSS_BUCKET"] = "dev-bucket",
        ["PUBLIC_BASE_URL"] = "https://uploads.example.com",
        ["GRANTS_SECRET"] = SecretValue,
        ["OSS_ACCESS_KEY_ID"] = SecretValue,
        ["OSS_ACCESS_KEY_SECRET"] = SecretValue,
    };

    internal static readonly Dictionary<string, string> Prod = new(StringComparer.Ordinal)
    {
        ["STAGE"] = "prod",
        ["AZURE_ENV_NAME"] = "production",
        ["OSS_REGION"] = "cn-shanghai",
        ["OSS_BUCKET"] = "prod-bucket",
        ["OSS_ROLE_ARN"] = "acs:ram::1234567890123456:role/oss-callback-functions",
        ["OSS_OIDC_PROVIDER_ARN"] = "acs:ram::1234567890123456:oidc-provider/entra",
        ["OSS_OIDC_AUDIENCE"] = "api://00000000-0000-0000-0000-000000000003",
        ["ALERT_EMAILS"] = "ops@example.com;oncall@example.com",
        ["BUDGET_AMOUNT"] = "100",
        ["BUDGET_START"] = "2026-01-01",
        ["GRANTS_SECRET"] = SecretValue,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("infra-tests-");
    private JsonNode? _template;
    private JsonNode? _dev;
    private JsonNode? _prod;

    /// <summary>The compiled template, with its modules inside.</summary>
    internal JsonNode Template => _template!;

    /// <summary>Resources of dev, with an AccessKey and a host name of one's own.</summary>
    internal JsonNode DevResources => _dev!;

    /// <summary>Resources of prod, without a key.</summary>
    internal JsonNode ProdResources => _prod!;

    internal IReadOnlyList<string> Findings { get; private set; } = [];

    /// <summary>Files that the formatter would change.</summary>
    internal IReadOnlyList<string> Unformatted { get; private set; } = [];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (BicepCompiler.Path is null)
        {
            return;
        }

        var template = BuildAsync();
        var dev = SnapshotAsync("dev", Dev);
        var prod = SnapshotAsync("prod", Prod);
        // Of the parameters, and so of the template and all of its modules.
        Findings = await BicepCompiler.LintAsync(Copy("lint"), Dev, "main.bicepparam");
        Unformatted = await FormatAsync();
        (_template, _dev, _prod) = (await template, await dev, await prod);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A copy of the folder, since the compiler writes beside what it reads.</summary>
    internal string Copy(string name)
    {
        var source = Path.Combine(Repository.Root, "infra");
        var target = Path.Combine(_folder.FullName, name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    private async Task<JsonNode> BuildAsync() => JsonNode.Parse(await BicepCompiler.CheckedAsync(Copy("template"), Dev, "build", "main.bicep", "--stdout"))!;

    private async Task<JsonNode> SnapshotAsync(string name, Dictionary<string, string> environment)
    {
        var folder = Copy(name);
        await BicepCompiler.CheckedAsync(
            folder, environment, "snapshot", "main.bicepparam", "--subscription-id", "00000000-0000-0000-0000-000000000001",
            "--tenant-id", "00000000-0000-0000-0000-000000000002", "--resource-group", "rg", "--location", "eastasia");
        var snapshot = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "main.snapshot.json")))!;

        // They come in another order each time.
        var outputs = snapshot["outputs"]!.AsObject();
        snapshot["outputs"] = new JsonObject(outputs.OrderBy(output => output.Key, StringComparer.Ordinal).Select(output => KeyValuePair.Create(output.Key, output.Value?.DeepClone())));
        return snapshot;
    }

    private async Task<List<string>> FormatAsync()
    {
        var folder = Copy("format");
        await BicepCompiler.CheckedAsync(folder, Dev, "format", "--pattern", "**/*.bicep*");
        return [.. Directory.EnumerateFiles(folder, "*.bicep*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
            .Where(file => File.ReadAllText(Path.Combine(folder, file)) != File.ReadAllText(Path.Combine(Repository.Root, "infra", file)))];
    }
}
