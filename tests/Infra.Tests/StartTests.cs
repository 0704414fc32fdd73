using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OssCallbackFunctions;

namespace Infra.Tests;

public sealed class StartTests(Deployment deployment)
{
    // What Azure makes of the references among the settings.
    private static readonly Dictionary<string, string> Resolved = new(StringComparer.Ordinal)
    {
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "ClientId=00000000-0000-0000-0000-000000000001;Authorization=AAD",
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = "InstrumentationKey=00000000-0000-0000-0000-000000000002;IngestionEndpoint=https://region.in.applicationinsights.azure.com/",
        ["Callbacks__FallbackBaseUrls"] = "https://app.example.com",
        ["Callbacks__PublicBaseUrl"] = "https://callbacks.example.com",
        ["Grants__Secret"] = Convert.ToBase64String(new byte[32]),
    };

    [Fact]
    public void The_app_starts_with_the_settings_that_it_is_deployed_with()
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        Validate(Assert.Single(Settings(deployment.DevResources)));
        Assert.Equal(2, Settings(deployment.ProdResources).Count);
        Assert.All(Settings(deployment.ProdResources), Validate);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage__accountName")]
    [InlineData("Oss__Bucket")]
    [InlineData("Oss__RoleArn")]
    [InlineData("Grants__Secret")]
    public void And_not_without_one_of_them(string setting)
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        var settings = Settings(deployment.ProdResources)[0];
        Assert.True(settings.Remove(setting));
        Assert.Contains(setting, Assert.ThrowsAny<OptionsValidationException>(() => Validate(settings)).Message, StringComparison.Ordinal);
    }

    private static List<Dictionary<string, string?>> Settings(JsonNode snapshot) =>
    [
        .. ResourceChecks.Of(snapshot, "Microsoft.Web/sites/config")
            .Select(app => new Dictionary<string, string?>(app["properties"]!.AsObject().Select(setting => KeyValuePair.Create(setting.Key, Resolve(setting))))),
    ];

    private static string? Resolve(KeyValuePair<string, JsonNode?> setting) =>
        setting.Value!.ToString() is var value && value.StartsWith('[') ? Resolved.GetValueOrDefault(setting.Key, "resolved") : value;

    // As the host does at the start; nothing is called.
    private static void Validate(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value)).Build();
        using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddOssCallbackFunctions(configuration).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
