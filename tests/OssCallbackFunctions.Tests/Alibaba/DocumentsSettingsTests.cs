using System.Text.Json.Nodes;
using AlibabaSide;
using static OssCallbackFunctions.Tests.Alibaba.Printed;

namespace OssCallbackFunctions.Tests.Alibaba;

/// <summary>Where the settings are read from, and which of them are refused.</summary>
public sealed class DocumentsSettingsTests
{
    [Fact]
    public void Reads_both_kinds_of_settings_file_and_the_environment_wins()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, new JsonObject { ["Values"] = new JsonObject(Key.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))) }.ToJsonString());
            Assert.Contains("my-bucket/*", GuardedApp.Text(Documents.Make(path, [], new()), "policy"), StringComparison.Ordinal);
            Assert.Contains("your-bucket/*", GuardedApp.Text(Documents.Make(path, [new("Oss__Bucket", "your-bucket")], new()), "policy"), StringComparison.Ordinal);

            File.WriteAllText(path, new JsonArray([.. Key.Select(one => (JsonNode)new JsonObject { ["name"] = one.Key, ["slotSetting"] = false, ["value"] = one.Value })]).ToJsonString());
            Assert.Contains("my-bucket/*", GuardedApp.Text(Documents.Make(path, [], new()), "policy"), StringComparison.Ordinal);

            foreach (var other in (string[])["{}", "[1]", "nonsense", "null"])
            {
                File.WriteAllText(path, other);
                Assert.Contains("local.settings.json", Refused(() => Documents.Make(path, [], new())), StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains("There is no settings file", Refused(() => Documents.Make(path, [], new())), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_on_the_apps_machine_or_in_its_vault_need_not_be_here()
    {
        var printed = Print(new(Key)
        {
            ["OSS_ACCESS_KEY_SECRET"] = "@Microsoft.KeyVault(VaultName=v;SecretName=s)", ["Grants__Secret"] = "@Microsoft.KeyVault(VaultName=v;SecretName=g)", ["BulkUploads__FileRoot"] = "/no/such/folder",
            ["BulkUploads__BlobContainers__a__ConnectionString"] = "@Microsoft.KeyVault(VaultName=v;SecretName=c)", ["BulkUploads__BlobContainers__a__Container"] = "container",
            ["BulkUploads__BlobContainers__b__Url"] = "@Microsoft.KeyVault(VaultName=v;SecretName=u)",
        });
        Assert.Contains("oss:ListMultipartUploads", Actions(printed));
        _ = Print(new(Federated) { ["Oss__OidcAudience"] = "", ["Oss__OidcTokenFile"] = "/no/such/token" });
    }

    [Theory]
    [InlineData("Oss__Bucket", "", "Oss__Bucket is missing")]
    [InlineData("OSS_ACCESS_KEY_SECRET", "", "OSS_ACCESS_KEY_SECRET is missing")]
    [InlineData("Uploads__Profiles__p__KeyTemplate", "{user}", "Uploads__Profiles__p__KeyTemplate is '{user}'")]
    [InlineData("Uploads__Profiles__p__Sts", "key", "Sts__Endpoint and Sts__RoleArn are missing")]
    [InlineData("Uploads__Profiles__p__Keys", "x", "Keys")]
    [InlineData("Cors__AllowedOrigins", "www.example.com", "Cors__AllowedOrigins has 'www.example.com'")]
    [InlineData("Oss__RoleArn", "acs:ram::42:role/app", "The account is 7 by --account, and 42")]
    public void Settings_that_the_app_would_refuse_are_refused_in_its_words(string setting, string value, string named)
    {
        var message = Refused(() => Print(new(Key) { [setting] = value }, new Wishes { Account = "7" }));
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.DoesNotContain("validation failed", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_RAM_would_not_keep_is_refused()
    {
        var settings = new Dictionary<string, string?>(Key) { ["Uploads__Profiles__default__KeyTemplate"] = "up/{id}" };
        for (var i = 0; i < 60; i++)
        {
            settings[$"Uploads__Profiles__p{i}__KeyTemplate"] = $"a-folder-with-a-long-name-{i}/{{id}}";
        }

        Assert.Contains("6144", Refused(() => Print(settings)), StringComparison.Ordinal);
    }
}
