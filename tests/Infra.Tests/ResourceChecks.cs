using System.Globalization;
using System.Reflection;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OssCallbackFunctions;

namespace Infra.Tests;

/// <summary>What must be true of the resources that are deployed, and the compiler does not know; each check gives what is wrong.</summary>
internal static partial class ResourceChecks
{
    // As Azure has them, the same in every tenant.
    private static readonly Dictionary<string, (string Role, string Scope)> Roles = new(StringComparer.Ordinal)
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = ("Storage Blob Data Owner", "Microsoft.Storage/storageAccounts"),
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = ("Storage Queue Data Contributor", "Microsoft.Storage/storageAccounts"),
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = ("Storage Table Data Contributor", "Microsoft.Storage/storageAccounts"),
        ["4633458b-17de-408a-b874-0445c86b69e6"] = ("Key Vault Secrets User", "Microsoft.KeyVault/vaults"),
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = ("Monitoring Metrics Publisher", "Microsoft.Insights/components"),
    };

    /// <summary>Apps run what the package was built for, on memory that there is, over https, deployed from a blob by identity.</summary>
    public static IEnumerable<string> Apps(JsonNode snapshot)
    {
        var built = new FrameworkName(typeof(Registration).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName).Version.ToString(2);
        foreach (var app in Of(snapshot, "Microsoft.Web/sites").Select(site => site["properties"]!))
        {
            var config = app["functionAppConfig"]!;
            (string What, string? Is, string[] Expected)[] values =
            [
                ("runtime", Text(config["runtime"]!["name"]), ["dotnet-isolated"]),
                ("version", Text(config["runtime"]!["version"]), [built]),
                ("memory", Text(config["scaleAndConcurrency"]!["instanceMemoryMB"]), ["512", "2048", "4096"]),
                ("deployment", Text(config["deployment"]!["storage"]!["type"]), ["blobContainer"]),
                ("deployment's authentication", Text(config["deployment"]!["storage"]!["authentication"]!["type"]), ["UserAssignedIdentity"]),
                ("httpsOnly", Text(app["httpsOnly"]), ["true"]),
                ("TLS", Text(app["siteConfig"]!["minTlsVersion"]), ["1.2", "1.3"]),
                .. config["scaleAndConcurrency"]!["alwaysReady"]!.AsArray().Select(group => ("always ready group", Text(group!["name"]), new[] { "http" })),
            ];
            foreach (var (what, value, expected) in values.Where(value => !value.Expected.Contains(value.Is)))
            {
                yield return $"app: {what} is {value}, expected {string.Join(" or ", expected)}";
            }
        }
    }

    /// <summary>No shared keys, nothing public, nothing unencrypted.</summary>
    public static IEnumerable<string> Accounts(JsonNode snapshot) =>
        from resource in Resources(snapshot)
        from expected in (string?)resource["type"] switch
        {
            "Microsoft.Storage/storageAccounts" => new Dictionary<string, string>
            {
                ["allowSharedKeyAccess"] = "false", ["allowBlobPublicAccess"] = "false", ["minimumTlsVersion"] = "TLS1_2", ["supportsHttpsTrafficOnly"] = "true",
            },
            "Microsoft.Storage/storageAccounts/blobServices/containers" => new() { ["publicAccess"] = "None" },
            "Microsoft.KeyVault/vaults" => new() { ["enableRbacAuthorization"] = "true" },
            "Microsoft.Insights/components" => new() { ["DisableLocalAuth"] = "true" },
            "Microsoft.Web/sites/basicPublishingCredentialsPolicies" => new() { ["allow"] = "false" },
            _ => [],
        }
        let value = Text(resource["properties"]![expected.Key])
        where value != expected.Value
        select $"{resource["name"]}: {expected.Key} is {value}, expected {expected.Value}";

    /// <summary>The identity has the roles that the app needs, each on what it is for, and no other.</summary>
    public static IEnumerable<string> Assignments(JsonNode snapshot)
    {
        var assigned = Of(snapshot, "Microsoft.Authorization/roleAssignments")
            .Select(assignment => (Role: Text(assignment["properties"]!["roleDefinitionId"])!.Split('/')[^1], Scope: Scope().Match(Text(assignment["id"])!).Groups[1].Value)).ToList();
        return assigned.Where(role => !Roles.TryGetValue(role.Role, out var known) || known.Scope != role.Scope).Select(role => $"role {role.Role} on {role.Scope} is none that the app needs")
            .Concat(Roles.Where(role => assigned.All(known => known.Role != role.Key)).Select(role => $"{role.Value.Role} is not assigned"));
    }

    /// <summary>Queues, tables and containers are those that the app uses; the containers of the packages are the platform's.</summary>
    public static IEnumerable<string> Names(JsonNode snapshot) =>
    [
        .. Difference("queue", Of(snapshot, "Microsoft.Storage/storageAccounts/queueServices/queues"), AppNames.Queues),
        .. Difference("table", Of(snapshot, "Microsoft.Storage/storageAccounts/tableServices/tables"), AppNames.Tables),
        .. Difference("container", Of(snapshot, "Microsoft.Storage/storageAccounts/blobServices/containers"), AppNames.Containers.Concat(["deployments", "deployments-callbacks"])),
    ];

    /// <summary>Every setting is one that the app or the host knows; one that is secret refers to the vault.</summary>
    public static IEnumerable<string> Settings(JsonNode snapshot) =>
        from app in Of(snapshot, "Microsoft.Web/sites/config")
        from setting in app["properties"]!.AsObject()
        let wrong = !AppSettings.Knows(setting.Key) ? "is no setting"
            : Secret().IsMatch(setting.Key) && !Text(setting.Value)!.Contains("@Microsoft.KeyVault(", StringComparison.Ordinal) ? "is not in the vault"
            : null
        where wrong is not null
        select $"{setting.Key} {wrong}";

    /// <summary>An app for callbacks runs nothing else, but may say whether it is well; every other app runs all functions.</summary>
    public static IEnumerable<string> Functions(JsonNode snapshot) =>
        from app in Of(snapshot, "Microsoft.Web/sites/config")
        let disabled = app["properties"]!.AsObject().Select(setting => DisabledFunction().Match(setting.Key)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToList()
        where disabled.Count > 0
        from wrong in disabled.Except(AppNames.Functions).Select(function => $"{function} is disabled, and no function")
            .Concat(AppNames.Functions.Except(disabled).Except(["UploadCallback", "Health"]).Select(function => $"{function} has to be in infra/modules/other-functions.json"))
            .Concat(disabled.Intersect(["UploadCallback"]).Select(function => $"{function} is disabled"))
        select wrong;

    /// <summary>What the alerts and the workbook ask for, the app emits.</summary>
    public static IEnumerable<string> Queries(JsonNode snapshot)
    {
        var text = string.Join('\n', Of(snapshot, "Microsoft.Insights/scheduledQueryRules").Select(rule => Text(rule["properties"]!["criteria"]!["allOf"]![0]!["query"]))
            .Concat(Of(snapshot, "Microsoft.Insights/workbooks").Select(workbook => Text(workbook["properties"]!["serializedData"]))));
        return from match in Named().Matches(text)
               let metric = match.Groups[1].Value
               where !(metric.Contains('.', StringComparison.Ordinal) ? AppNames.Metrics.Contains(metric) : AppNames.Functions.Contains(metric))
               select $"nothing is called {metric}";
    }

    /// <summary>Everything that can have tags has them, so that it is found again and removed.</summary>
    public static IEnumerable<string> Tags(JsonNode snapshot) =>
        from resource in Resources(snapshot)
        let type = (string)resource["type"]!
        where resource["location"] is not null || type is "Microsoft.KeyVault/vaults/secrets"
        where Text(resource["tags"]?["application"]) != "oss-callback-functions" || resource["tags"]!["stage"] is null || resource["tags"]!["azd-env-name"] is null
        select $"{resource["name"]} of {type} has no tags";

    /// <summary>No version of a resource is a preview.</summary>
    public static IEnumerable<string> Versions(JsonNode snapshot) =>
        from resource in Resources(snapshot)
        let version = (string)resource["apiVersion"]!
        where !DateOnly.TryParseExact(version, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        select $"{resource["type"]} is of version {version}";

    internal static IEnumerable<JsonNode> Of(JsonNode snapshot, string type) => Resources(snapshot).Where(resource => (string?)resource["type"] == type);

    private static IEnumerable<JsonNode> Resources(JsonNode snapshot) => snapshot["predictedResources"]!.AsArray().Select(resource => resource!);

    private static IEnumerable<string> Difference(string what, IEnumerable<JsonNode> deployed, IEnumerable<string> used)
    {
        var names = deployed.Select(resource => Text(resource["name"])!.Split('/')[^1]).ToList();
        return names.Except(used).Select(name => $"{what} {name} is not the app's").Concat(used.Except(names).Select(name => $"{what} {name} is not there"));
    }

    private static string? Text(JsonNode? node) => node?.ToString();

    [GeneratedRegex("/providers/([^/]+/[^/]+)/[^/]+/providers/Microsoft.Authorization/")]
    private static partial Regex Scope();

    [GeneratedRegex("Secret$|^OSS_ACCESS_KEY_|Token$")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^AzureWebJobs\.(\w+)\.Disabled$")]
    private static partial Regex DisabledFunction();

    [GeneratedRegex(@"(?:Name|faas\.name'\]\)) == '([^']+)'")]
    private static partial Regex Named();
}
