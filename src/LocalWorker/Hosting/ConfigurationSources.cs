using Microsoft.Extensions.Configuration;

namespace LocalWorker.Hosting;

/// <summary>Where settings come from, weakest first: local.settings.json, environment variables, the command line.</summary>
internal static class ConfigurationSources
{
    public static string? EnvironmentName(string[] args) => new ConfigurationBuilder()
        .AddEnvironmentVariables("AZURE_FUNCTIONS_")
        .AddCommandLine(args)
        .Build()["environment"];

    public static void AddAppSettings(this IConfigurationBuilder configuration, string folder, string[] args) => configuration
        .AddEnvironmentVariables("AZURE_FUNCTIONS_")
        .AddInMemoryCollection(LocalSettings(Path.Combine(folder, "local.settings.json")))
        .AddEnvironmentVariables()
        .AddCommandLine(args);

    public static IConfiguration HostJson(string folder, IConfiguration overrides) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(folder, "host.json"), optional: true)
        .AddConfiguration(overrides.GetSection("AzureFunctionsJobHost"))
        .Build();

    // Core Tools makes environment variables of "Values", so a "__" in a name means what it means there.
    private static IEnumerable<KeyValuePair<string, string?>> LocalSettings(string path) => new ConfigurationBuilder()
        .AddJsonFile(path, optional: true)
        .Build()
        .GetSection("Values")
        .AsEnumerable(makePathsRelative: true)
        .Where(setting => setting.Value is not null)
        .Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value));
}
