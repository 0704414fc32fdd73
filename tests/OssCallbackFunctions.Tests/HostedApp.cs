using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandbox;

namespace OssCallbackFunctions.Tests;

/// <summary>An app of some functions in the test's process, at an address of its own, with the storage account and the OSS of another.</summary>
internal static class HostedApp
{
    /// <summary>Builds it; it is not started.</summary>
    /// <param name="stack">Whose account and OSS, and whose settings but for those that differ.</param>
    /// <param name="url">Its address.</param>
    /// <param name="functions">Names of its functions.</param>
    /// <param name="settings">Settings that differ, by their environment variables.</param>
    public static IHost Build(Stack stack, string url, IEnumerable<string> functions, params IEnumerable<(string Name, string Value)> settings)
    {
        var all = new Dictionary<string, string?>();
        foreach (var (name, value) in (IEnumerable<(string, string)>)
        [
            .. stack.Settings.Select(setting => (setting.Key, setting.Value)), ("LocalWorker__Urls", url), ("LocalWorker__FunctionsAssembly", "OssCallbackFunctions"),
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
