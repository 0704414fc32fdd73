using System.Text.Json.Nodes;

namespace Infra.Tests;

/// <summary>Each check finds nothing in either stage, and what is wrong in a copy that was made wrong.</summary>
public sealed class ResourceTests(Deployment deployment)
{
    private const string Site = "Microsoft.Web/sites";
    private const string Queue = "Microsoft.Storage/storageAccounts/queueServices/queues";

    [Fact]
    public void The_app_runs_what_its_package_was_built_for() => Check(ResourceChecks.Apps,
        (snapshot => Config(snapshot)["runtime"]!["name"] = "dotnet-isolatd", "app: runtime is dotnet-isolatd, expected dotnet-isolated"),
        (snapshot => Config(snapshot)["runtime"]!["version"] = "9.0", "app: version is 9.0, expected 10.0"),
        (snapshot => Config(snapshot)["scaleAndConcurrency"]!["instanceMemoryMB"] = 1024, "app: memory is 1024, expected 512 or 2048 or 4096"),
        (snapshot => Config(snapshot)["deployment"]!["storage"]!["type"] = "blobContainr", "app: deployment is blobContainr, expected blobContainer"),
        (snapshot => First(snapshot, Site)["properties"]!["httpsOnly"] = false, "app: httpsOnly is false, expected true"));

    [Fact]
    public void Nothing_is_public_and_nothing_takes_a_shared_key() => Check(ResourceChecks.Accounts,
        (snapshot => First(snapshot, "Microsoft.Storage/storageAccounts")["properties"]!.AsObject().Remove("allowSharedKeyAccess"), "allowSharedKeyAccess is , expected false"),
        (snapshot => First(snapshot, "Microsoft.Storage/storageAccounts/blobServices/containers")["properties"]!["publicAccess"] = "Blob", "publicAccess is Blob, expected None"));

    [Fact]
    public void The_identity_has_the_roles_that_it_needs_and_no_other() => Check(ResourceChecks.Assignments,
        (snapshot => Assign(snapshot, "b7e6dc6d-f1e8-4753-8033-0f276bb0955c"), "role b7e6dc6d-f1e8-4753-8033-0f276bb0955c on Microsoft.Storage/storageAccounts is none that the app needs"),
        (snapshot => Assign(snapshot, "4633458b-17de-408a-b874-0445c86b69e6"), "Storage Blob Data Owner is not assigned"));

    [Fact]
    public void Queues_tables_and_containers_are_those_that_the_app_uses() => Check(ResourceChecks.Names,
        (snapshot => First(snapshot, Queue)["name"] = "account/default/bulk-upload", "queue bulk-upload is not the app's"),
        (snapshot => First(snapshot, Queue)["name"] = "account/default/bulk-upload", "queue bulk-uploads is not there"),
        (snapshot => First(snapshot, "Microsoft.Storage/storageAccounts/tableServices/tables")["name"] = "account/default/upload", "table uploads is not there"));

    [Fact]
    public void Every_setting_is_one_that_the_app_knows_and_secrets_are_in_the_vault() => Check(ResourceChecks.Settings,
        (snapshot => Settings(snapshot)["Uploads__LifeTime"] = "00:01:00", "Uploads__LifeTime is no setting"),
        (snapshot => Settings(snapshot)["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated", "FUNCTIONS_WORKER_RUNTIME is no setting"),
        (snapshot => Settings(snapshot)["Webhooks__main__Secret"] = "whsec_", "Webhooks__main__Secret is not in the vault"));

    [Fact]
    public void An_app_for_callbacks_runs_nothing_else()
    {
        Check(ResourceChecks.Functions, (snapshot => Settings(snapshot)["AzureWebJobs.UploadCallback.Disabled"] = "true", "UploadCallback is disabled"));
        Mistakes.AreFound(deployment.ProdResources, ResourceChecks.Functions,
        [
            (snapshot => Disabled(snapshot).Remove("AzureWebJobs.UploadLedger.Disabled"), "UploadLedger has to be in infra/modules/other-functions.json"),
            (snapshot => Disabled(snapshot)["AzureWebJobs.UploadLedgers.Disabled"] = "true", "UploadLedgers is disabled, and no function"),
        ]);
    }

    [Fact]
    public void Alerts_and_the_workbook_ask_for_what_the_app_emits() => Check(ResourceChecks.Queries,
        (snapshot => Query(snapshot, "AppMetrics | where Name == 'upload.callback'"), "nothing is called upload.callback"),
        (snapshot => Query(snapshot, "AppRequests | where Name == 'UploadCallbacks'"), "nothing is called UploadCallbacks"));

    [Fact]
    public void Everything_has_tags() => Check(ResourceChecks.Tags,
        (snapshot => First(snapshot, "Microsoft.ManagedIdentity/userAssignedIdentities").AsObject().Remove("tags"), "of Microsoft.ManagedIdentity/userAssignedIdentities has no tags"));

    [Fact]
    public void No_version_is_a_preview() => Check(ResourceChecks.Versions,
        (snapshot => First(snapshot, Site)["apiVersion"] = "2025-05-01-preview", "Microsoft.Web/sites is of version 2025-05-01-preview"));

    private void Check(Func<JsonNode, IEnumerable<string>> check, params (Action<JsonNode> Break, string Finding)[] mistakes)
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        Assert.Empty(check(deployment.DevResources));
        Assert.Empty(check(deployment.ProdResources));
        Mistakes.AreFound(deployment.DevResources, check, mistakes);
    }

    private static JsonNode First(JsonNode snapshot, string type) => ResourceChecks.Of(snapshot, type).First();

    private static JsonNode Config(JsonNode snapshot) => First(snapshot, Site)["properties"]!["functionAppConfig"]!;

    private static JsonNode Settings(JsonNode snapshot) => First(snapshot, Site + "/config")["properties"]!;

    private static JsonObject Disabled(JsonNode snapshot) => ResourceChecks.Of(snapshot, Site + "/config").Select(app => app["properties"]!.AsObject())
        .Single(settings => settings.ContainsKey("AzureWebJobs.UploadLedger.Disabled"));

    private static void Assign(JsonNode snapshot, string role) => First(snapshot, "Microsoft.Authorization/roleAssignments")["properties"]!["roleDefinitionId"] = $"/roleDefinitions/{role}";

    private static void Query(JsonNode snapshot, string query) => First(snapshot, "Microsoft.Insights/scheduledQueryRules")["properties"]!["criteria"]!["allOf"]![0]!["query"] = query;
}
