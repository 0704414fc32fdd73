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
        ["Grants__Secret"] = Convert.ToBase64String(new byte[32]),
    };

    [Fact]
    public void The_app_starts_with_the_settings_that_it_is_deployed_with()
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        Validate(Settings(deployment.DevResources));
    }

    [Theory]
    [InlineData("Oss__Bucket")]
    [InlineData("Grants__Secret")]
    public void And_not_without_one_of_them(string setting)
    {
        Assert.SkipWhen(BicepCompiler.Path is null, BicepCompiler.Missing);
        var settings = Settings(deployment.DevResources);
        Assert.True(settings.Remove(setting));
        Assert.Contains(setting, Assert.ThrowsAny<OptionsValidationException>(() => Validate(settings)).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Settings(JsonNode snapshot)
    {
        var settings = ResourceChecks.Of(snapshot, "Microsoft.Web/sites/config").Single()["properties"]!.AsObject()
            .ToDictionary(setting => setting.Key, setting => (string?)(setting.Value!.ToString() is var value && value.StartsWith('[') ? Resolved.GetValueOrDefault(setting.Key, "resolved") : value));
        settings["AzureWebJobsStorage"] = "UseDevelopmentStorage=true";
        return settings;
    }

    // As the host does at the start; nothing is called.
    private static void Validate(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value)).Build();
        using var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddOssCallbackFunctions(configuration).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
