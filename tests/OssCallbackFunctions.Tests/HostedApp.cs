using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OssCallbackFunctions.Tests;

/// <summary>An app of some functions in the test's process, at an address of its own.</summary>
internal static class HostedApp
{
    /// <summary>Builds it; it is not started.</summary>
    /// <param name="basis">Settings, such as another's, by their environment variables.</param>
    /// <param name="url">Its address.</param>
    /// <param name="functions">Names of its functions.</param>
    /// <param name="settings">Settings that differ from them.</param>
    public static IHost Build(IReadOnlyDictionary<string, string> basis, string url, IEnumerable<string> functions, params IEnumerable<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string?>();
        foreach (var (name, value) in (IEnumerable<(string, string)>)
        [
            .. basis.Select(setting => (setting.Key, setting.Value)), ("LocalWorker__Urls", url), ("LocalWorker__FunctionsAssembly", "OssCallbackFunctions"),
            .. functions.Select((function, at) => ($"AzureFunctionsJobHost__functions__{at}", function)), .. settings,
        ])
        {
            all[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        }

        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(all);
        builder.Services.AddOssCallbackFunctions(builder.Configuration);
        return builder.Build();
    }
}
