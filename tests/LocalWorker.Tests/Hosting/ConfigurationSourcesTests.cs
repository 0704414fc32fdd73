using LocalWorker.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using NSubstitute;

namespace LocalWorker.Tests.Hosting;

public sealed class ConfigurationSourcesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("local-worker-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Takes_the_values_of_local_settings_as_environment_variables_and_the_command_line_above_them()
    {
        File.WriteAllText(Path.Combine(_folder, "local.settings.json"), """
            { "IsEncrypted": false, "Values": { "LocalWorker__FunctionKey": "a", "LocalWorker:MasterKey": "b", "AzureWebJobsStorage": "c" } }
            """);
        var configuration = new ConfigurationManager();
        configuration.AddAppSettings(_folder, ["--LocalWorker:MasterKey=above"]);
        Assert.Equal("a", configuration["LocalWorker:FunctionKey"]);
        Assert.Equal("above", configuration["LocalWorker:MasterKey"]);
        Assert.Equal("c", configuration["AzureWebJobsStorage"]);
    }

    [Fact]
    public void Has_the_defaults_of_the_host_without_a_host_json()
    {
        var host = Host("Production", []);
        Assert.Equal(TimeSpan.FromMinutes(30), host.FunctionTimeout);
        Assert.Equal("api", host.RoutePrefix);
        Assert.Empty(host.Functions);
        Assert.Equal(
            new QueueSettings(16, 8 * Environment.ProcessorCount, 5, TimeSpan.Zero, TimeSpan.FromMinutes(1), MessageEncoding.Base64),
            host.Queues);
        Assert.Equal(TimeSpan.FromSeconds(2), Host("Development", []).Queues.MaxPollingInterval);
    }

    [Fact]
    public void Reads_host_json_and_lets_settings_of_the_app_change_it()
    {
        File.WriteAllText(Path.Combine(_folder, "host.json"), """
            {
              // Comments are allowed.
              "functionTimeout": "-1",
              "functions": [ "One", "Two" ],
              "extensions": {
                "http": { "routePrefix": "" },
                "queues": { "batchSize": 4, "maxDequeueCount": 3, "visibilityTimeout": "00:00:05", "maxPollingInterval": "00:00:02", "messageEncoding": "none" }
              }
            }
            """);
        var host = Host("Production", new() { ["AzureFunctionsJobHost:extensions:queues:maxDequeueCount"] = "9" });
        Assert.Equal(Timeout.InfiniteTimeSpan, host.FunctionTimeout);
        Assert.Equal("", host.RoutePrefix);
        Assert.Equal(["One", "Two"], host.Functions);
        Assert.Equal(
            new QueueSettings(4, 2 * Environment.ProcessorCount, 9, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), MessageEncoding.None),
            host.Queues);
    }

    private HostJson Host(string environmentName, Dictionary<string, string?> settings)
    {
        var environment = Substitute.For<IHostEnvironment>();
        environment.EnvironmentName.Returns(environmentName);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new(ConfigurationSources.HostJson(_folder, configuration), environment);
    }
}
